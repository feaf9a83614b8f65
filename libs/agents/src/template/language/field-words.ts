import type { FieldType } from '#contracts';

/** How a field's words tell its type; the first that matches counts. */
const GUESSES: readonly (readonly [RegExp, FieldType])[] = [
  [/\b(e-?mail)( address)?$/i, 'email'],
  [/\bin (minutes|seconds|pieces|days|pages)$/i, 'integer'],
  [
    /\bin (square |cubic )?(km|kg|ml|cm|m|g|l|mm|mg|mcg|acres|hectares|kn|kw|kwh|watts|volts|amps|bar|psi|ppm|carats?|tons|tonnes|kilos|miles|hours|litres|liters|percent|grams|degrees|kilometers|kilometres|metres|meters|weeks|months|years)$/i,
    'number',
  ],
  [/\b(?:time of day|(?:starts?|ends?|opens?|closes?|begins?) at)$/i, 'time'],
  [/\b[a-z]{3,}ed at$/i, 'datetime'],
  [/\b(?:scheduled|planned|booked|set|meant) for$/i, 'date'],
  [
    /^(?:p\.?h|ammonia|nitrites?|nitrates?|salinity|acidity|alcohol|sugar|sulphu?r|moisture|humidity|density|pressure|voltage|brix|gravity|hardness|alkalinity|oxygen|chlorine|turbidity|viscosity|torque|tannin|fat|protein|altitude|elevation|circumference|diameter|radius|thickness|dosage in [a-z]+|pitch in [a-z]+)(?: (?:level|content|value|reading|percent|percentage))?$/i,
    'number',
  ],
  [
    /^(?:litres|liters|kilos|kilograms|grams|tons|tonnes|gallons|metres|meters|hectares|acres|pints|ounces|kg|km)(?: (?:of )?[a-z ]+)?$|\b(?:kilos|kilograms|tons|tonnes|gallons|metres|meters|hectares|acres|grams)$/i,
    'number',
  ],
  [
    /^(?:number|no)(?: of [a-z ]+)? [a-z]{3,}(?:ed|wn|en)$|\b(?:how many|cap|rank|max(?:imum)? (?!weight|price|temperature)[a-z]+s)$|^(?:minutes|days|weeks|seats) (?:of |till|until|to|in|it|for)\b/i,
    'integer',
  ],
  [/^(?:first|last|opening|closing) (?:night|day)$|\b(?:date|day) (?:and|&) (?:time|hour)$/i, 'date'],
  [/^time of [a-z]+$|^time (?:in|out|back|left|off|on|up|down|came|came in|went|arrived|called|started|finished|returned)\b/i, 'time'],
  [/\b(phone|mobile|telephone|fax|cell)( (number|no))?$|^tel$/i, 'phone'],
  [/\b(photo|photos|photograph|photographs|picture|pictures|scan|attachment|file|pdf|document link|photo link|file link)$/i, 'file_link'],
  [/\b(url|website|web ?site|web page|web address|link|homepage)$/i, 'url'],
  [/\bdate and time$|\btimestamp$/i, 'datetime'],
  [
    /\b(date|day|deadline|birthday|anniversary|date of birth|due|due back|expiry|expires|best before|birth ?date|dob)$|^date\b|^day (?!of (?:the )?week\b|or\b|rate\b|time\b)|\bdate of\b|\b(?:set|put|sent|cut|bought|opened|closed|taken|made) (?:up |out |in |down |off )?on$|\b(?:came|went|taken|handed|brought|sent|moved|checked) (?:in|out|back|off|home|away)$|\b(\w+(ed|ght|nt|ken|ade|old|ven)|due|starts?|ends?) (on|by)$|^(start|end|until|from|to)$/i,
    'date',
  ],
  [/\b(time|time of day|start time|end time|opening time)$/i, 'time'],
  [
    /\b(zip|postal|post) ?code$|\b(id|code|sku|isbn|iban|serial|reference|registration|licen[cs]e|tracking|invoice|order|account|room|house|member|membership|customer|card|model|version|passport|tag|badge|tax|catalogue|catalog|asset|plot|copy|route|unit)( number| no)?$/i,
    'text',
  ],
  [
    /\b(price|cost|costs|amount|fee|fees|budget|salary|wage|rent|deposit|balance|revenue|income|(?:hourly|daily|nightly|weekly|monthly|day|room) rate|rate per hour|value|discount amount|tax|spend|fares?|tolls?|dues|premium|payout|takings|commission|charges|payment|tip|total|subtotal|(?:deposit|amount|price|sum|fee|cost) paid)$|^(amount|price|cost) |\b(fee|rate|wage|pay|rent) per [a-z]+$/i,
    'money',
  ],
  [/^(?:min|max|minimum|maximum|number of|no of|total number of)\b(?!.*\b(?:price|cost|amount|fee|rate|temperature|weight)$)/i, 'integer'],
  [
    /^(?!.*\b(?:yes|flag))[a-z]+s (?:sold|used|left|bought|given|available|needed|printed|returned|present|requested|sown|planted|ordered|wanted|booked|made|lost|won|scored|served|baked|caught|laid|collected)$/i,
    'integer',
  ],
  [/^(?:start|end|beginning) of\b/i, 'date'],
  [/\b(?:beds|places|nights|plates|covers|heads|pieces|tablets|doses|laps|crates|pallets|sheets|rooms|slots|tickets|eggs|shares)$/i, 'integer'],
  [/^(?:joined|started|acquired|founded|born)$|\b(?:until|valid to|expires(?: on)?)$/i, 'date'],
  [/\b(rating|stars|star rating|score out of (5|five))$|^rating\b/i, 'rating'],
  [
    /\b(quantity|count|stock|pages?|page count|year|age|copies|capacity|seats|servings|portions|guests|minutes|seconds|reorder level|minimum stock|stock level|points|floor|reps|repetitions|sets|steps taken|calories|number of .+|participants)$|^(number of|how many|year|quantity of|duration in minutes)\b ?/i,
    'integer',
  ],
  [
    /\b(hours|duration|weight|height|length|width|depth|distance|temperature|percent(age)?|score|size in .+|amount in .+|area|volume|litres|liters|kilometers|kilometres|km|miles|kg|speed|mileage|rate|grade point|latitude|longitude)$/i,
    'number',
  ],
  [
    /^(is|has|was|can|needs|whether)\b|\b(done|paid|completed|finished|active|archived|available|returned|favou?rite|vegan|vegetarian|confirmed|approved|urgent|delivered|shipped|attended|attending|read|watched|vaccinated|in stock|billable|public|private|sold|checked|cancelled|lost)$|^(?!shared|named|based|rated|need|feed|seed|breed|speed|deed|bed|weed|reed)[a-z]{4,}ed$|^(?:coming|attending)$|\b(flag|yes\/no|yes or no|checkbox)$/i,
    'boolean',
  ],
  [
    /\b(description|notes?|comments?|remarks?|details|address|text|body|content|instructions|steps|ingredients|summary|bio|biography|message|feedback|reason|history|allergies|preferences|directions|review)$/i,
    'long_text',
  ],
];

/** Values of choices that people name without listing them. */
const USUAL_CHOICES: Readonly<Record<string, readonly string[]>> = {
  status: ['open', 'in progress', 'done'],
  priority: ['low', 'normal', 'high'],
  difficulty: ['easy', 'medium', 'hard'],
  severity: ['low', 'medium', 'high'],
  mood: ['great', 'good', 'okay', 'low', 'bad'],
};

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Words for types inside parentheses: `(whole number, required)`. The first of a type is the one that is written. */
export const TYPE_WORDS: readonly (readonly [FieldType, readonly string[]])[] = [
  ['text', ['text', 'string', 'short text', 'words']],
  ['long_text', ['long text', 'multi-line text', 'free text', 'paragraph']],
  ['number', ['number', 'decimal', 'decimal number', 'float']],
  ['integer', ['whole number', 'integer', 'int', 'count']],
  ['money', ['amount of money', 'money', 'currency', 'amount', 'price']],
  ['date', ['date', 'day']],
  ['time', ['time', 'time of day']],
  ['datetime', ['date and time', 'datetime', 'timestamp']],
  ['email', ['e-mail address', 'email address', 'email', 'e-mail']],
  ['phone', ['phone number', 'phone', 'telephone number']],
  ['url', ['web address', 'url', 'link', 'website']],
  ['file_link', ['file link', 'file']],
  ['boolean', ['yes or no', 'yes/no', 'boolean', 'checkbox', 'true or false', 'tick box']],
  ['rating', ['rating from 1 to 5', 'rating', '1 to 5', '1-5', 'from 1 to 5', 'stars']],
];

export const typeWord = (type: FieldType): string => TYPE_WORDS.find(([one]) => one === type)?.[1][0] ?? type;

export const typeOfWord = (word: string): FieldType | undefined => TYPE_WORDS.find(([, words]) => words.includes(word.toLowerCase().trim()))?.[0];

/** The type that a field's label suggests, and the usual values where it is a choice that people know. */
export function guessType(label: string): { type: FieldType; choices: string[] } {
  if (/^(?:weekday|day of (?:the )?week)$/i.test(label)) return { type: 'choice', choices: [...WEEKDAYS] };
  const usual = USUAL_CHOICES[label.toLowerCase().split(' ').at(-1) ?? ''];
  if (usual) return { type: 'choice', choices: [...usual] };
  const type = GUESSES.find(([pattern]) => pattern.test(label))?.[1];
  const bare = label.replace(/ (?:(?:at|before|after|for|from)(?: [a-z]+)?|[a-z]{2,}ed|spent|sold|given|driven|paid|run)$/i, '');
  return { type: type ?? (bare === label ? 'text' : guessType(bare).type), choices: [] };
}

/** True where the words read like a field rather than a list of records: a typed word such as price or date. */
export const soundsLikeField = (label: string): boolean =>
  guessType(label).type !== 'text' ||
  /^(name|title|author|publisher|category|colou?r|genre|species|location|isbn|sku|brand|size|place|type|kind|level|phase|number|code|shelf|breed|model|surname|(?:first|last|full|common|latin) name|(?:[a-z]+ )?(?:name|number|code|type|category|size))$/i.test(
    label,
  );
