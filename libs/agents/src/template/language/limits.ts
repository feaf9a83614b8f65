/*
 * What the engine does not build. A specification lists it as out of scope; nothing is pretended.
 */

/** What the engine cannot build, with the reason a person is given. `clause`: the words around it are about nothing else. */
export const IMPOSSIBLE: readonly { readonly pattern: RegExp; readonly what: string; readonly why: string; readonly clause: boolean }[] = [
  {
    pattern:
      /\b(?:send|remind|notify|alert)(?:s|ing|ed)?\b[^.,;]*\b(?:e-?mails?|reminders?|notifications?|sms|text messages?|newsletters?|alerts?)\b|\b(?:e-?mail|push|sms|automatic) (?:reminder|notification|alert)s?\b|\b(?:remind|notify|alert)s? (?:me|us|them|people|members|users|customers|everyone|the)\b/i,
    what: 'Sending e-mails, messages or reminders',
    why: 'the app has no mail or message service; lists such as overdue ones are shown in the app',
    clause: true,
  },
  {
    pattern: /\b(?:mobile|native|iphone|ios|android|phone|smartphone|desktop) app(?:lication)?s?\b|\bapp store\b/i,
    what: 'A native mobile or desktop app',
    why: 'it is a web app, usable on phones in the browser',
    clause: false,
  },
  {
    pattern: /\b(?:machine learning|artificial intelligence|\bAI\b|predict\w*|recommend(?:ation)?s?|chat ?bot|image recognition|neural)\b/i,
    what: 'Machine learning, predictions or recommendations',
    why: 'the app keeps and shows records; it does not learn',
    clause: true,
  },
  {
    pattern:
      /\b(?:online payments?|credit cards?|paypal|stripe|pay online|payment (?:gateway|processing|provider)|take payments?|accept payments?|checkout)\b/i,
    what: 'Taking payments',
    why: 'the app has no payment provider; amounts and whether they were paid can be recorded',
    clause: true,
  },
  {
    pattern: /\b(?:upload\w*|attach(?:ments?|ing)?|photos?|pictures?|images?|videos?|audio)\b/i,
    what: 'Files, photos and attachments',
    why: 'records hold text, numbers, dates and links',
    clause: false,
  },
  {
    pattern: /\b(?:scan\w*|bar ?codes?|qr codes?|gps|maps?|geolocation)\b/i,
    what: 'Scanning, barcodes and maps',
    why: 'the app does not use the camera or the position of a device',
    clause: true,
  },
  {
    pattern: /\b(?:sync\w*|integrat\w+|import(?:s|ing|ed)?|export(?:s|ing|ed)?|csv|excel|spreadsheets?|pdfs?|print(?:s|ing|ed)?)\b/i,
    what: 'Import, export, printing and connections to other services',
    why: 'the JSON API can be used to read and write every record',
    clause: true,
  },
  {
    pattern: /\b(?:real[- ]?time|live updates?|chat(?:ting)? (?:with|between|room)|video calls?|forum)\b/i,
    what: 'Live updates and chat',
    why: 'pages show the state at the moment they are opened',
    clause: true,
  },
  { pattern: /\b(?:charts?|graphs?|dashboards? with|diagrams?)\b/i, what: 'Charts', why: 'totals are shown as figures', clause: true },
  {
    pattern:
      /\b(?:only|just) (?:admins?|administrators?|managers?|staff|owners?|the author) (?:can|may|are allowed|should)\b|\broles?\b(?=.*\b(?:permission|admin|manager|access)\b)|\bpermissions?\b|\badmin(?:istrator)?s? (?:can|may)\b/i,
    what: 'Different rights for different people',
    why: 'whoever can use the app can see and change every record',
    clause: true,
  },
  {
    pattern: /\b(?:offline|blockchain|crypto\w*|multi-?tenant|translations?|multi-?lingual|several languages)\b/i,
    what: 'Offline use, several languages or blockchains',
    why: 'the app is one web app in English, on one server',
    clause: true,
  },
];
