import type { Entity, Field } from '#contracts';
import { capital } from '../../language/words.js';

/*
 * Made-up words for sample records: what stands in a field is guessed from what the field, or the kind of record, is called.
 */

const PEOPLE =
  'Ann Berger|Ben Okafor|Carla Ruiz|David Lind|Emma Novak|Farid Haddad|Grace Kim|Henry Walsh|Ines Costa|Jonas Weber|Kavita Rao|Liam Murphy'.split(
    '|',
  );
const COMPANIES = 'Birch & Sons|Northlight Studio|Harbour Foods|Vela Print|Greenfield Farm|Atlas Repairs|Juniper Books|Meridian Labs'.split('|');
const PLACES = 'Oslo|Lisbon|Leeds|Ghent|Graz|Turin|Cork|Lyon'.split('|');
const STREETS = '12 Mill Lane|4 Harbour Street|88 Station Road|23 Park Avenue|7 Orchard Close|51 Bridge Street'.split('|');
const SENTENCES =
  'Please call before coming by.|Everything went as planned.|To be looked at again next month.|Agreed on the phone.|The key is at the front desk.|Second attempt, the first one was cancelled.'.split(
    '|',
  );

/** Names by what the kind of record is called. */
const THINGS: readonly (readonly [RegExp, string])[] = [
  [/book|novel/, 'The Left Hand of Darkness|Middlemarch|Things Fall Apart|The Summer Book|Beloved|Invisible Cities|Stoner|The Master and Margarita'],
  [/film|movie/, 'Paris, Texas|Spirited Away|In the Mood for Love|Casablanca|The Third Man|Playtime|Yi Yi|Some Like It Hot'],
  [/song|album|track|record$/, 'Blue in Green|Naima|River Man|Harvest Moon|Wild Is the Wind|Northern Sky|Sunday Morning|Gymnopédie'],
  [/tool|equipment|device|machine/, 'Cordless drill|Circular saw|Extension ladder|Hedge trimmer|Tile cutter|Pressure washer|Belt sander|Wheelbarrow'],
  [/room|hall|studio|space|desk/, 'Blue room|Library|Garden room|Workshop|Attic|Conference room|Reading room|Lounge'],
  [/plant|flower/, 'Monstera by the window|Kitchen basil|Old fig tree|Peace lily|Snake plant|Lemon tree|Balcony lavender|Boston fern'],
  [
    /product|item|article|good|part|stock/,
    'Oat milk, 1 l|Coffee beans, 500 g|Paper bags|Olive oil, 750 ml|Sea salt|Dark chocolate|Green tea|Honey, 250 g',
  ],
  [
    /class|lesson|course|workshop|training|subject/,
    'Morning yoga|Spin basics|Pilates|Strength and balance|Evening stretch|Boxing for beginners|Rowing|Circuit training',
  ],
  [/project/, 'Website relaunch|Annual report|Office move|Mobile app|Brand guide|Data clean-up|Open day|Training plan'],
  [
    /task|todo|to-do|chore|job/,
    'Call the landlord|Order new chairs|Back up the server|Write the invitation|Water the plants|Book the train|Sort the archive|Prepare the agenda',
  ],
  [
    /ticket|bug|issue|defect|request|problem/,
    'Sign-in fails on older phones|Export is missing a column|Printer is offline|Wrong total on the invoice|Page loads slowly|Typo on the start page|Reset link has expired|Cannot upload a photo',
  ],
  [/recipe|dish|meal|menu/, 'Lentil soup|Mushroom risotto|Apple crumble|Shakshuka|Lemon chicken|Tomato tart|Pea and mint salad|Banana bread'],
  [/pet|animal|dog|cat|horse/, 'Luna|Milo|Coco|Oskar|Nala|Rocky|Bella|Simba'],
  [
    /event|meeting|party|concert|show|session/,
    'Summer fair|Members’ evening|Quarterly review|Book launch|Open day|Garden party|Film night|Harvest supper',
  ],
  [/car|vehicle|bike|van|truck|boat/, 'White van|Cargo bike 1|Blue estate|Electric scooter|Minibus|Cargo bike 2|Pick-up|City bike'],
  [/team|club|group|squad|band/, 'Red Foxes|Northside|River Rovers|The Larks|Old Town|Harbour United|Green Lane|Hill End'],
  [/category|tag|topic|department|genre|type/, 'General|Kitchen|Garden|Office|Outdoors|Repairs|Events|Archive'],
  [
    /property|house|flat|apartment|home|building|location|branch|site|venue/,
    'Mill Lane 12|Harbour House|The Old School|Park View|Station Court|Orchard Cottage|Bridge House|West Wing',
  ],
];

const PERSON =
  /member|customer|client|student|pupil|teacher|trainer|employee|staff|user|person|people|guest|patient|doctor|tenant|player|contact|volunteer|instructor|tutor|driver|owner|reader|participant|attendee|coach|author|worker|child|parent|friend|borrower|assignee/;
const COMPANY = /compan|supplier|vendor|organi[sz]ation|business|firm|partner|agency|brand|shop|account/;

const pick = (words: string | readonly string[], index: number): string => {
  const list = typeof words === 'string' ? words.split('|') : words;
  const word = list[index % list.length] ?? '';
  return index < list.length ? word : `${word} ${Math.floor(index / list.length) + 1}`;
};

export const sentence = (index: number): string => pick(SENTENCES, index % SENTENCES.length);
const personAt = (index: number): string => pick(PEOPLE, index);

/** An e-mail address that fits the person or thing of the same number. */
export const emailAt = (index: number): string =>
  `${personAt(index)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')}@example.org`;

/** A short text for a field of the record with this number. */
export function textFor(entity: Entity, field: Field, index: number): string {
  const label = field.label.toLowerCase();
  const kind = entity.label.toLowerCase();
  if (/first ?name|given name/.test(label)) return personAt(index).split(' ')[0] ?? '';
  if (/last ?name|surname|family name/.test(label)) return personAt(index).split(' ').at(-1) ?? '';
  if (/sku|code|serial|isbn|number|reference|barcode|plate|licen[cs]e/.test(label))
    return `${capital(kind)
      .replace(/[^A-Z]/gi, '')
      .slice(0, 2)
      .toUpperCase()}-${1001 + index * 7}`;
  if (/address|street/.test(label)) return pick(STREETS, index);
  if (/city|town|place|country|origin/.test(label)) return pick(PLACES, index);
  if (/^(?:full )?(?:name|title)$|^what|^subject|^summary|^label$/.test(label) || label === kind) return nameFor(kind, index);
  if (COMPANY.test(label)) return pick(COMPANIES, index);
  if (PERSON.test(label) || /\bby$/.test(label)) return personAt(index + 3);
  if (/colou?r/.test(label)) return pick('Blue|Green|Red|White|Black|Yellow', index % 6);
  if (/species|variety/.test(label)) return pick('Monstera deliciosa|Ocimum basilicum|Ficus carica|Spathiphyllum|Citrus limon|Lavandula', index);
  if (/unit/.test(label)) return pick('piece|box|bottle|kg', index % 4);
  if (/location|shelf|position|place/.test(label)) return pick('Shelf A|Shelf B|Cellar|Front desk|Window|Cupboard 2', index % 6);
  if (/purpose|reason|description|topic|note|comment|remark/.test(label))
    return pick('Weekly planning|Interview|Workshop|Client call|Team lunch|Review', index % 6);
  return `${capital(field.label)} ${index + 1}`;
}

function nameFor(kind: string, index: number): string {
  if (PERSON.test(kind)) return personAt(index);
  if (COMPANY.test(kind)) return pick(COMPANIES, index);
  const things = THINGS.find(([words]) => words.test(kind))?.[1];
  return things ? pick(things, index) : `${pick('Blue|Green|North|South|Old|New|Small|Large', index)} ${kind}`;
}

/** A number that fits what the field is called. */
export function numberFor(field: Field, index: number): number {
  const label = field.label.toLowerCase();
  const from = (values: readonly number[]): number => values[index % values.length] ?? 1;
  if (/year/.test(label)) return from([2016, 2009, 2021, 1998, 2019, 2012]);
  if (/capacity|seats|places|limit|maximum|max /.test(label)) return from([12, 8, 20, 6, 16, 10]);
  if (/hours|duration in h/.test(label)) return from([1.5, 2, 0.5, 3, 4, 1]);
  if (/minutes|duration/.test(label)) return from([45, 60, 30, 90, 20, 75]);
  if (/level|minimum|reorder/.test(label)) return from([10, 5, 20, 8, 12, 6]);
  if (/stock|quantity|amount|count|units/.test(label) && field.type !== 'money') return from([24, 3, 60, 7, 18, 2]);
  if (/age/.test(label)) return from([34, 27, 61, 45, 19, 52]);
  if (/score|grade|mark|points/.test(label)) return from([82, 67, 91, 74, 58, 88]);
  if (/rate/.test(label)) return from([60, 75, 48, 90, 55, 80]);
  if (/percent|discount/.test(label)) return from([10, 5, 20, 15, 0, 25]);
  if (field.type === 'money') return from([24.5, 119, 8.9, 45, 310, 62.75]);
  return field.type === 'number' ? from([2.5, 1, 4.2, 3, 0.8, 6]) : from([4, 2, 6, 3, 8, 5]);
}
