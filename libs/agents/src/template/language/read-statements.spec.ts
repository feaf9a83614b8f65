import { understand } from './understand.js';

/** A model in short: each list with its fields as `label: type`, `!` required, `#` unique, and links as `label -> target` (`=> ` several). */
function model(idea: string): Record<string, string[]> {
  return Object.fromEntries(
    understand(idea).schema.entities.map((entity) => [
      entity.label,
      entity.fields.map((field) => {
        const marks = `${field.required ? '!' : ''}${field.unique ? '#' : ''}`;
        if (field.target) return `${field.label}${marks} ${field.type === 'references' ? '=>' : '->'} ${field.target}`;
        return `${field.label}${marks}: ${field.type === 'choice' ? field.choices.join('/') : field.type}`;
      }),
    ]),
  );
}

describe('how things are described', () => {
  it('takes the bullets under a short line as fields of what it names', () => {
    expect(model('Boats\n- name, berth number\n- fuel: petrol, diesel, electric\n- licence (optional)\nMoorings\n- boat, from, until')).toEqual({
      boat: ['name!: text', 'berth number: text', 'fuel: petrol/diesel/electric', 'licence: text'],
      mooring: ['boat! -> boat', 'from!: date', 'until!: date'],
    });
  });

  it('takes a topic that prose announces, and leaves the story around it alone', () => {
    const idea =
      'I took over from Henry last spring and nothing adds up. Firstly the goats. Name, ear tag, and whether she has been vaccinated. Last year we lost two and never knew why.';
    expect(model(idea)).toEqual({ goat: ['name!: text', 'ear tag: text', 'vaccinated: boolean'] });
    expect(understand(idea).unclear).toEqual([]);
  });

  it('takes "for each", "when somebody" and "it gets"', () => {
    expect(
      model(
        'For every kiln we keep the make and the capacity in litres. When somebody borrows a kiln we note who it was, the date and when it is due back. A member has a name.',
      ),
    ).toMatchObject({
      kiln: ['make!: text', 'capacity in litres: number'],
      loan: expect.arrayContaining(['person! -> member', 'date!: date', 'due date: date']),
    });
  });

  it('reads one thing after the other from a spoken list', () => {
    expect(model('hi so we have tents (number, sleeps, condition) and every saturday is a walk w/ a date and a leader lol')).toEqual({
      tent: ['number!: text', 'sleeps: text', 'condition: text'],
      walk: ['date!: date', 'leader: text'],
    });
  });

  it('gives lines of their own to what comes in amounts', () => {
    expect(model('Goods have a name. Crates: date, farmer, and what was in it: goods and how many of each.')).toMatchObject({
      'crate item': ['crate! -> crate', 'good! -> good', 'quantity!: integer'],
    });
  });
});

describe('how fields are written', () => {
  it.each([
    ['an ISBN if it has one', 'ISBN: text'],
    ['size S/M/L', 'size: S/M/L'],
    ['whether it is rented, free or broken', 'status: rented/free/broken'],
    ['pass or fail', 'result: pass/fail'],
    ['how many we have', 'quantity: integer'],
    ['how long it takes in minutes', 'duration: integer'],
    ['which voice they sing (alto, bass)', 'voice: alto/bass'],
    ['the shelf it lives on', 'shelf: text'],
    ['the date they joined', 'date joined: date'],
    ['when it was last checked', 'last checked: date'],
    ['a link to the contract', 'contract: file_link'],
    ['a deposit in euros', 'deposit: money'],
    ['my rating out of five stars', 'rating: rating'],
    ['tickets sold', 'tickets sold: integer'],
    ['medical paper yes or no', 'medical paper: boolean'],
    ['telephone number', 'phone: phone'],
    ['a barcode, unique', 'barcode!#: text'],
    ['kilometers at start', 'kilometers at start: number'],
  ])('%s', (words, field) => {
    expect(model(`An exhibit has a name, ${words} and a maker.`)).toEqual({ exhibit: ['name!: text', field, 'maker: text'] });
  });

  it('shares what two fields have in common', () => {
    expect(model('Coins: label, sleeve condition and case condition (mint, worn)')).toEqual({
      coin: ['label!: text', 'sleeve condition: mint/worn', 'case condition: mint/worn'],
    });
  });

  it('puts slips right that no dictionary knows, and leaves words of the trade alone', () => {
    expect(model('A suplier has a name and a water meter. A delivary has a date, a suplier and a quanity.')).toEqual({
      supplier: ['name!: text', 'water meter: text'],
      delivery: ['date!: date', 'supplier! -> supplier', 'quantity!: integer'],
    });
  });
});

describe('what sentences of their own say', () => {
  it('takes what may not repeat and what may be missing', () => {
    expect(
      model('Animals: name, chip number, birth date. No two animals share a chip number. The birth date may be missing. A name is always required.'),
    ).toEqual({ animal: ['name!: text', 'chip number!#: text', 'birth date: date'] });
  });

  it('links both ways round and several times', () => {
    expect(
      model(
        'Each dog belongs to one owner. An owner can have several dogs. Owners have a name. Dogs have a name. A dog can have several vets. Vets have a name.',
      ),
    ).toEqual({
      owner: ['name!: text'],
      dog: ['owner! -> owner', 'name!: text', 'vets => vet'],
      vet: ['name!: text'],
    });
  });

  it('makes no list of records from rules, rights and reports', () => {
    const idea =
      'Lockers have a number and a floor. No more than two keys may be given out. Caretakers can edit everything. Show me a chart of rents per month. Nobody may open a locker without a form.';
    expect(Object.keys(model(idea))).toEqual(['locker']);
  });
});
