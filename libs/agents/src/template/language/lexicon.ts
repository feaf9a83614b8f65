import nlp from 'compromise';

/** What the template engine knows about common things: what is usually noted about them, and how they relate. */

export interface Kind {
  readonly words: readonly string[];
  /** Field phrases in the controlled English of requirements, as proposals for a thing that nobody described. */
  readonly fields: readonly string[];
  readonly role?: 'person' | 'event';
}

const PEOPLE: readonly string[] = [
  'person member student pupil child parent teacher trainer coach employee colleague staff volunteer player guest friend reader',
  'participant attendee artist driver doctor donor resident neighbour neighbor user borrower owner author candidate speaker',
  'singer musician athlete worker instructor tutor lecturer professor nurse therapist dentist vet veterinarian carer caregiver',
  'mechanic technician engineer cleaner gardener tourist visitor passenger traveller traveler subscriber sponsor agent assistant',
  'researcher photographer actor dancer runner swimmer walker buyer seller learner apprentice trainee intern applicant delegate',
  'farmer lawyer accountant consultant freelancer contractor chef cook waiter collector breeder adopter investor sitter scout',
  'cyclist juror treasurer',
].flatMap((line) => line.split(' '));

export const KINDS: readonly Kind[] = [
  { words: ['book', 'novel', 'comic', 'magazine', 'title'], fields: ['title (text, required)', 'author (text)', 'notes (long text)'] },
  {
    words: ['film', 'movie', 'show', 'game', 'album', 'song', 'record', 'podcast'],
    fields: ['title (text, required)', 'genre (text)', 'rating (rating from 1 to 5)', 'notes (long text)'],
  },
  {
    words: ['recipe', 'dish', 'meal'],
    fields: ['title (text, required)', 'ingredients (long text)', 'steps (long text)', 'rating (rating from 1 to 5)'],
  },
  {
    words: ['task', 'todo', 'to-do', 'chore', 'errand', 'action', 'step', 'item of work'],
    fields: ['title (text, required)', 'due date (date)', 'done (yes or no)', 'notes (long text)'],
  },
  {
    words: ['ticket', 'issue', 'bug', 'request', 'complaint', 'incident'],
    fields: [
      'title (text, required)',
      'description (long text)',
      'status (one of: open, in progress, done; required)',
      'priority (one of: low, normal, high)',
      'reported on (date)',
    ],
  },
  {
    words: ['project', 'job', 'case', 'campaign', 'goal'],
    fields: ['name (text, required)', 'description (long text)', 'status (one of: planned, active, done)'],
  },
  {
    words: ['expense', 'payment', 'cost', 'purchase', 'income', 'transaction', 'donation', 'bill'],
    fields: ['description (text, required)', 'amount (amount of money, required)', 'date (date, required)', 'category (text)'],
  },
  {
    words: ['invoice', 'quote', 'contract'],
    fields: ['number (text, required, unique)', 'amount (amount of money, required)', 'issued on (date)', 'due date (date)', 'paid (yes or no)'],
  },
  {
    words: ['order'],
    fields: ['number (text, required, unique)', 'date (date, required)', 'status (one of: new, paid, sent, done; required)', 'notes (long text)'],
  },
  {
    words: ['product', 'item', 'article', 'part', 'material', 'good', 'ingredient'],
    fields: ['name (text, required)', 'description (long text)', 'price (amount of money)', 'quantity (whole number)'],
  },
  {
    words: ['tool', 'device', 'equipment', 'asset', 'machine', 'instrument', 'laptop', 'key', 'toy'],
    fields: ['name (text, required)', 'serial number (text, unique)', 'location (text)', 'notes (long text)'],
  },
  {
    words: ['event', 'meeting', 'appointment', 'lesson', 'class', 'session', 'match', 'trip', 'concert', 'workshop', 'course', 'party', 'rehearsal'],
    fields: ['title (text, required)', 'date (date, required)', 'time (time)', 'place (text)', 'notes (long text)'],
  },
  {
    words: ['plant', 'tree', 'flower', 'pet', 'animal', 'dog', 'cat', 'horse'],
    fields: ['name (text, required)', 'species (text)', 'notes (long text)'],
  },
  {
    words: [
      'room',
      'desk',
      'place',
      'location',
      'venue',
      'property',
      'house',
      'apartment',
      'flat',
      'building',
      'table',
      'site',
      'warehouse',
      'shop',
      'store',
      'restaurant',
    ],
    fields: ['name (text, required)', 'address (long text)', 'notes (long text)'],
  },
  {
    words: ['car', 'vehicle', 'bike', 'boat', 'truck', 'van'],
    fields: ['name (text, required)', 'registration number (text, unique)', 'notes (long text)'],
  },
  {
    words: [
      'category',
      'tag',
      'genre',
      'type',
      'department',
      'team',
      'group',
      'company',
      'organisation',
      'organization',
      'club',
      'school',
      'brand',
      'family',
    ],
    fields: ['name (text, required, unique)', 'notes (long text)'],
  },
  {
    words: ['note', 'entry', 'idea', 'journal entry', 'diary entry', 'comment', 'observation', 'memory', 'log entry', 'post'],
    fields: ['title (text, required)', 'date (date)', 'text (long text)'],
  },
  { words: ['link', 'bookmark', 'website'], fields: ['title (text, required)', 'address (web address, required)', 'notes (long text)'] },
  {
    words: ['application', 'job application', 'lead', 'opportunity', 'deal'],
    fields: ['title (text, required)', 'status (one of: open, in progress, won, lost)', 'date (date)', 'notes (long text)'],
  },
  { words: ['habit', 'routine'], fields: ['name (text, required)', 'how often (one of: daily, weekly, monthly)', 'notes (long text)'] },
  {
    words: ['workout', 'run', 'exercise', 'training', 'walk', 'ride'],
    fields: ['title (text, required)', 'date (date, required)', 'duration in minutes (whole number)', 'notes (long text)'],
  },
  { words: ['time entry', 'timesheet', 'hour'], fields: ['date (date, required)', 'hours (number, required)', 'description (text)'] },
  { words: ['review', 'rating', 'feedback'], fields: ['title (text, required)', 'rating (rating from 1 to 5, required)', 'text (long text)'] },
  {
    words: ['patient', 'customer', 'client', 'contact', 'lead', 'supplier', 'vendor', 'tenant', 'landlord', 'partner'],
    role: 'person',
    fields: ['name (text, required)', 'email (e-mail address)', 'phone (phone number)', 'notes (long text)'],
  },
  {
    words: PEOPLE,
    role: 'person',
    fields: ['name (text, required)', 'email (e-mail address)', 'phone (phone number)'],
  },
  { words: ['loan', 'lending', 'checkout'], role: 'event', fields: ['loan date (date)', 'due date (date)', 'return date (date)'] },
  { words: ['booking', 'reservation', 'rental', 'hire'], role: 'event', fields: ['date (date, required)', 'end date (date)', 'notes (long text)'] },
  {
    words: ['check-in', 'visit', 'attendance', 'enrolment', 'enrollment', 'registration', 'participation', 'sign-up', 'assignment', 'shift', 'vote'],
    role: 'event',
    fields: ['date (date, required)', 'notes (long text)'],
  },
  {
    words: ['watering', 'feeding', 'repair', 'inspection', 'service', 'maintenance', 'treatment', 'delivery', 'sale'],
    role: 'event',
    fields: ['date (date, required)', 'notes (long text)'],
  },
];

/** Verbs that say that one thing has to do with another: each becomes a record of its own. */
export const EVENT_VERBS: readonly { readonly verb: RegExp; readonly event: string; readonly actor: string }[] = [
  { verb: /\b(borrow(s|ed|ing)?|lend(s|ing)?|lent|loan(s|ed|ing)? out|check(s|ed|ing)? out)\b/i, event: 'loan', actor: 'borrower' },
  { verb: /\b(rent(s|ed|ing)?|hire(s|d)?|hiring)\b/i, event: 'rental', actor: 'customer' },
  { verb: /\b(reserve(s|d)?|reserving|book(ed|ing))\b/i, event: 'booking', actor: 'guest' },
  { verb: /\b(register(s|ed)? for|sign(s|ed)? up for)\b/i, event: 'registration', actor: 'participant' },
  { verb: /\b(attend(s|ed|ing)?|attendance)\b/i, event: 'attendance', actor: 'participant' },
  { verb: /\b(enrol(s|l|ls|led|ling)?)\b/i, event: 'enrolment', actor: 'participant' },
];

/** What people call their app, and the things it then usually keeps. */
export const DOMAINS: readonly { readonly pattern: RegExp; readonly things: readonly string[] }[] = [
  { pattern: /\bto-?\s?do\b|\bchecklist\b|\btask (list|manager|tracker)\b/i, things: ['task'] },
  { pattern: /\bcrm\b|\bcustomer relationship/i, things: ['company', 'contact', 'opportunity'] },
  { pattern: /\b(expense|spending|money|budget|finance)s?\b/i, things: ['expense'] },
  { pattern: /\b(time ?sheets?|time[- ]track\w*|track (my |our )?time)\b/i, things: ['project', 'time entry'] },
  { pattern: /\b(inventory|stock|warehouse)\b/i, things: ['item'] },
  { pattern: /\b(recipes?|cook ?book)\b/i, things: ['recipe'] },
  { pattern: /\b(bug|issue|ticket)s?\b|\bhelp ?desk\b/i, things: ['ticket'] },
  { pattern: /\b(address ?book|contacts?|phone ?book)\b/i, things: ['contact'] },
  { pattern: /\b(library)\b/i, things: ['book', 'member', 'loan'] },
  { pattern: /\b(reading list|book list|books?)\b/i, things: ['book'] },
  { pattern: /\b(film|movie)s?\b|\bwatch ?list\b/i, things: ['film'] },
  { pattern: /\bbookmarks?\b/i, things: ['bookmark'] },
  { pattern: /\bhabits?\b/i, things: ['habit', 'check-in'] },
  { pattern: /\bworkouts?\b|\bfitness\b/i, things: ['workout'] },
  { pattern: /\b(diary|journal|notebook)\b/i, things: ['journal entry'] },
  { pattern: /\b(guest list|wedding|party)\b/i, things: ['guest'] },
  { pattern: /\bplants?\b|\bgarden\w*\b/i, things: ['plant'] },
  { pattern: /\bpets?\b/i, things: ['pet'] },
  { pattern: /\b(calendar|events?|appointments?|schedule)\b/i, things: ['event'] },
  { pattern: /\bshopping list\b|\bgrocer(y|ies)\b/i, things: ['item'] },
  { pattern: /\bmembership\b|\bclub\b/i, things: ['member'] },
  { pattern: /\binvoic(e|es|ing)\b/i, things: ['customer', 'invoice'] },
];

/** Names of one and the same doing. */
export const SAME_DOING: readonly (readonly string[])[] = [
  ['booking', 'reservation'],
  ['loan', 'lending', 'checkout'],
  ['rental', 'hire', 'rent'],
  ['enrolment', 'enrollment', 'registration', 'sign-up', 'membership'],
  ['visit', 'check-in'],
  ['review', 'rating'],
  ['attendance', 'participation', 'registration'],
];

/** Words with what they are, as the dictionary of the library has them. */
export const DICTIONARY = (nlp as unknown as { model(): { one: { lexicon: Record<string, unknown> } } }).model().one.lexicon;

/** Words that are two parts of speech: `review` is `Noun|Verb`. */
const SWITCHES = (nlp as unknown as { model(): { two: { switches: Record<string, string> } } }).model().two.switches;

const BY_WORD = new Map([...KINDS].reverse().flatMap((kind) => kind.words.map((word) => [word, kind] as const)));

export function kindOf(thing: string): Kind | undefined {
  const word = thing.toLowerCase();
  return BY_WORD.get(word) ?? BY_WORD.get(word.slice(word.lastIndexOf(' ') + 1));
}

/** A trade or office that a dictionary knows is somebody too: superintendent, curator, plumber. */
export function isPerson(thing: string): boolean {
  const kind = kindOf(thing);
  if (kind) return kind.role === 'person';
  const word = thing.slice(thing.lastIndexOf(' ') + 1).toLowerCase();
  if (Object.hasOwn(DICTIONARY, word)) return DICTIONARY[word] === 'Actor';
  return isAgent(word);
}

/** Things that do something and are nobody, such as a printer and a container. */
const INSTRUMENT =
  /(?:contain|lock|draw|stick|print|boil|scann|trail|count|ord|numb|lett|pap|comput|filt|tim|heat|cool|freez|track|plann|organi[sz]|cov|riv|tow|rout|serv|fold|bind|charg|post|bann|cutt|mix|burn|shutt|roll|mow|spread|load|dump|elevat|extinguish|lift|cook|toast|display|mark|point|hold|keyhold|sampl|meas|regist|mast|off|answ|ent|oth|aft|und|ov|nev|ev|ladd|butt|pepp|silv|corn|cent|met|lit|wat|weath|fib|leath|powd|pow|flow|show|hov|should|mot|fact|doct|col|fav|floor|mirr|err|min|maj|fing|numb|memb|quart|semest|trimest|chapt|past|newslett|post|flyer|poster|fly|locker)(?:er|or)$/;

/** "Rider", "reviewer", "keyholder", "trustee": who does what the verb in the word says. */
function isAgent(word: string): boolean {
  if (
    /.(?:keeper|holder|smith|wright|woman|women|eer|ographer|ologist)$|[a-z]{3}(?:tr?ist|rian|ician)$|(?:train|trust|employ|pay|interview|attend|evacu|mentor|refer)ee$/.test(
      word,
    )
  )
    return true;
  const stem = /^([a-z]{3,})(?:er|or)$/.exec(word)?.[1];
  if (stem === undefined || INSTRUMENT.test(word)) return false;
  return [stem, `${stem}e`, stem.replace(/([a-z])\1$/, '$1')].some((verb) => isVerb(DICTIONARY[verb]) || /Verb/.test(SWITCHES[verb] ?? ''));
}

const isVerb = (tag: unknown): boolean => [tag].flat().some((one) => /^(?:Verb|Infinitive|PresentTense)$/.test(String(one)));

export const isEvent = (thing: string): boolean => kindOf(thing)?.role === 'event';
