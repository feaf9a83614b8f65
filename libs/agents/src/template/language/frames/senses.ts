import { soundsLikeField } from '../field-words.js';
import { isEvent, isPerson, kindOf } from '../lexicon.js';
import { isHappening } from '../noun-phrases.js';
import { singular } from '../words.js';
import { NOUNS } from './senses.data.js';

/*
 * What a noun stands for: a record (somebody, something, a place, what happens) or what is noted of one (a measure, a time, a name).
 */

export type Sense = keyof typeof NOUNS;

const BY_NOUN = new Map(Object.entries(NOUNS).flatMap(([sense, nouns]) => nouns.split(' ').map((noun) => [noun, sense as Sense] as const)));

/** Where the sense of everyday texts is not the one of people's lists. */
const IN_LISTS: Readonly<Partial<Record<Sense, string>>> = {
  person: 'contact family household caller donor giver recipient sender holder bearer keeper helper sponsor',
  happening:
    'visit stay walk trip catch dive race shift check test reading measurement call job order case claim issue entry review score exam lesson session treatment appointment delivery landing crossing flight ride run round match game fixture outing project contract application complaint incident accident fault defect event meeting class course performance show screening rehearsal concert exhibition burial grant firing tuning load batch casting recapture loan hire rental booking payment donation sale purchase refund deposit transfer',
  thing:
    'piece part item plot bed key card kit set tool vehicle unit sample specimen machine device kiln hive boat vehicle tank barrel box bin bag crate parcel packet bottle',
  place: 'room hall court pitch field site station depot shelf bay berth pen stall stand lane pool garden plot store warehouse school hospital',
  words: 'book film song album document permit licence license certificate invoice quote ticket letter article story recipe',
  attribute:
    'name title kind type sort date day time hour place weight height length width size colour color note notes remark comment photo picture address phone email status state condition price cost fee amount charge rate number code mark sex gender age grade level language reason purpose result outcome origin make maker brand model breed variety species material technique style temper temperament mood weather diagnosis dose dosage diet allergy symptom signature initials rank position postcode town country nationality occupation relationship quantity balance total percentage duration distance mileage pressure temperature nickname surname email website dimensions measurements',
};
for (const [sense, nouns] of Object.entries(IN_LISTS)) for (const noun of nouns.split(' ')) BY_NOUN.set(noun, sense as Sense);

/** The sense of a noun phrase, by its last word; null for a word that no lexicon has. */
export function senseOf(phrase: string): Sense | null {
  const noun = singular(phrase.trim().toLowerCase());
  const last = noun.slice(noun.lastIndexOf(' ') + 1);
  const known = BY_NOUN.get(last);
  if (known === 'attribute' && kindOf(last) === undefined) return known;
  if (isPerson(last)) return 'person';
  if (isEvent(last)) return 'happening';
  if (known !== undefined && known !== 'attribute') return known;
  if (soundsLikeField(noun)) return 'attribute';
  if (kindOf(last) !== undefined) return 'thing';
  if (isHappening(last)) return 'happening';
  return /(?:ness|ity|ance|ence|ism|age)$/.test(last) ? 'attribute' : null;
}

/** True for a noun that can be the name of a list of records. */
export const canBeRecord = (phrase: string): boolean => senseOf(phrase) !== 'attribute';
