/*
 * What the engine does not build. A specification lists it as out of scope; nothing is pretended.
 */

export interface Impossible {
  readonly pattern: RegExp;
  readonly what: string;
  readonly why: string;
  /** True where the words around it are about nothing else. */
  readonly clause: boolean;
}

const PEOPLE =
  '(?:me|us|them|him|her|people|members|users|customers|clients|owners|tenants|parents|volunteers|patients|guests|staff|everyone|everybody|students|the [a-z]+|an? [a-z]+|each [a-z]+|every [a-z]+)';

/** What the engine cannot build, with the reason a person is given and the nearest thing that the app does. */
export const IMPOSSIBLE: readonly Impossible[] = [
  {
    pattern: new RegExp(
      [
        String.raw`\b(?:send|remind|notify|alert|warn)(?:s|ing|ed)?\b[^.;]*\b(?:e-?mails?|reminders?|notifications?|sms|text messages?|texts|newsletters?|alerts?|whatsapp|letters? (?:automatically|out))\b`,
        String.raw`\b(?:e-?mail|push|sms|text|automatic|automated|whatsapp) (?:reminder|notification|alert|message|confirmation)s?\b`,
        String.raw`\b(?:remind|notify|alert)s? ${PEOPLE}\b`,
        String.raw`\b(?:text|e-?mail|message|whatsapp|sms|call|phone|ping)(?:s|ing|ed)? ${PEOPLE}\b[^.;]*\b(?:automatic\w*|when|before|once|if|reminders?|as soon as|every|each|the day)\b`,
        String.raw`\bautomatic\w* (?:text|e-?mail|message|call|remind|notif)\w*\b`,
        String.raw`\b(?:gets?|receives?|gets) (?:an? |the )?(?:e-?mail|text|sms|message|notification|reminder)s?\b`,
        String.raw`\bmail ?shots?\b|\bmailing list\b[^.;]*\bsend`,
      ].join('|'),
      'i',
    ),
    what: 'Sending e-mails, text messages or reminders',
    why: 'the app has no mail or message service; it shows lists instead, such as of what is due',
    clause: true,
  },
  {
    pattern:
      /\b(?:mobile|native|iphone|ios|ipad|android|phone|smartphone|desktop) app(?:lication)?s?\b|\b(?:iphone |apple |google )?(?:app|play) store\b|\bapp for (?:the )?(?:iphone|android|ipad)\b/i,
    what: 'A native mobile or desktop app from an app store',
    why: 'it is a web app, usable on phones in the browser',
    clause: false,
  },
  {
    pattern:
      /\b(?:machine learning|artificial intelligence|\bAI\b|predict\w*|forecast\w*|chat ?bot|image recognition|face recognition|neural|(?:give|make|get|with|show|offer|automatic|smart|personal\w*) recommendations?|recommends?\b(?! by)|guess(?:es)? (?:what|which|how)|estimat\w+ (?:what|how|future|automatically)|suggest(?:s|ing)? (?:what|which|the best|a price|prices|similar|matches))\b/i,
    what: 'Predictions, recommendations and machine learning',
    why: 'the app keeps and shows records; it does not learn, but its totals and charts show how things have gone',
    clause: true,
  },
  {
    pattern:
      /\b(?:online payments?|(?:debit |credit )cards?|(?:card|paypal|contactless|mobile|in-app) payments?|paypal|stripe|apple pay|google pay|pay (?:online|by card|with (?:a )?card|right in|in the app|through the app)|payment (?:gateway|processing|provider|terminal)s?|(?:take|accept|collect|process)(?:s|ing)? (?:the )?payments?|direct debits?|bank transfers? automatically|shopping cart)\b/i,
    what: 'Taking payments, such as by credit card',
    why: 'the app has no payment provider; amounts and whether they were paid can be recorded',
    clause: true,
  },
  {
    pattern:
      /\b(?:upload\w*|attach(?:ments?|ing|es|ed)? (?:an?|the|files?|photos?|pictures?|images?|documents?|pdfs?|scans?|receipts?|to)|file storage|(?:take|store|save|add|show|with|include|keep|put in|several) (?:an? |the |some |their )?(?:photos?|pictures?|images?|videos?|audio|recordings?)|photo gallery|image gallery)\b/i,
    what: 'Storing files, photos and recordings',
    why: 'records hold text, numbers and dates; a link to a file or photo elsewhere can be recorded',
    clause: false,
  },
  {
    pattern:
      /\b(?:gps|geolocation|live (?:map|location|position|tracking)|on (?:a|the) map|map view|google maps?|maps? (?:of|with|showing)|real-time location|track(?:ing)? (?:the )?(?:location|position|whereabouts)|route planning|satellite)\b/i,
    what: 'Maps, GPS and tracking a location',
    why: 'the app does not know the position of a device; a place or address can be recorded as text',
    clause: true,
  },
  {
    pattern:
      /\b(?:scan(?:s|ning|ned)? (?:the |an? |their |its )?(?:bar|qr|codes?|labels?|tags?|cards?|tickets?|badges?|documents?|receipts?|items?|books?)\w*|(?:bar|qr)[- ]?code (?:scann\w+|reader|labels?)|scanner|nfc|rfid|fingerprints?|camera)\b/i,
    what: 'Scanning with a camera or reader',
    why: 'the app does not use the camera of a device; a code can be typed in, also by a scanner that types like a keyboard, and searched for',
    clause: true,
  },
  {
    pattern:
      /\b(?:sync(?:s|ed|ing|hroni[sz]\w*)?|integrat(?:e|es|ed|ing|ion|ions) (?:with|into|to)|connect(?:s|ed|ing|ion)? (?:to|with) (?:our |the |my |an? )?(?:[a-z]+ )?(?:google|outlook|calendar|quickbooks|xero|datev|sap|salesforce|slack|system|software|shop|website|bank|accounting|facebook|instagram|mailchimp|api)|(?:google|outlook|apple) calendar (?:sync|integration|feed)|pulls? (?:data|prices|rates) from|automatically (?:import|fetch|post|publish)\w*|posts? (?:to|on) (?:facebook|instagram|twitter|social media))\b/i,
    what: 'Connections to other systems',
    why: 'it stands alone; its JSON API and its import and export of CSV and JSON can be used to exchange records',
    clause: true,
  },
  {
    pattern:
      /\b(?:pdfs?|print (?:labels?|receipts?|tickets?|badges?|invoices?|certificates?|letters?|stickers?)|prints? out (?:labels?|receipts?|tickets?|badges?|invoices?|certificates?)|generat\w+ (?:an? |the )?(?:pdf|word|excel)\w*)\b/i,
    what: 'PDF documents and printed forms',
    why: 'every page can be printed from the browser, and lists can be exported as CSV',
    clause: true,
  },
  {
    pattern:
      /\b(?:live video|video (?:calls?|chats?|conferenc\w+|meetings?|stream\w*)|(?:live|video|audio|phone) stream\w*|phone calls? (?:from|in|through)|voice calls?|(?:live )?chat(?:ting)? (?:with|between|room|function|feature)|messag(?:e|ing) (?:each other|between|system)|instant messag\w+|forum|message board|social network)\b/i,
    what: 'Video calls, chat and live streams',
    why: 'the app keeps records; a link to a call elsewhere can be recorded',
    clause: true,
  },
  {
    pattern:
      /\b(?:in |with |by )?(?:real[- ]?time updates?|live updates?|push updates?|updates? (?:itself )?in real[- ]?time|real[- ]?time (?:sync\w*|collaboration|editing))\b/i,
    what: 'Live updates',
    why: 'pages show the state at the moment they are opened',
    clause: true,
  },
  {
    pattern:
      /\b(?:(?:work|use|used|works|usable|available) offline|offline (?:mode|use|access)|without (?:an? )?internet|blockchain|crypto\w*|nfts?|multi-?tenant|(?:machine|automatic) translation|translat\w+ automatically|multi-?lingual|in several languages|in (?:two|three|both) languages|voice (?:control|recognition|input|assistant)|alexa|siri|smart ?watch|iot|sensors?|digital signatures?|e-?signatures?|sign electronically)\b/i,
    what: 'Offline use, several languages, voice, sensors or electronic signatures',
    why: 'the app is one web app in English, on one server, used with a browser',
    clause: true,
  },
];

/** The parts of a sentence that can stand for themselves. */
const PARTS =
  /(?<=[,;])\s+|\s+(?=(?:and|but) (?:it|we|i|they|he|she|you|also|send|e-?mail|text|then|should|must|to|get|let|show|accept|take|print|export|import|sync|remind|notify|predict|call|a|an|the|if|when|can|people|members|for) ?\b)|\s+[-–—]\s+|(?<=\?)\s+/i;

/** Only words that say nothing: what is left when the impossible part of a sentence is gone. */
const EMPTY =
  /^(?:(?:we|i|it|there|also|and|but|or|so|should|must|can|could|may|might|need|needs|want|wants|have|has|be|is|with|would|love|like|nice|great|awesome|good|cool|please|yes|to|an?|the|as|for|in|of|by|on|at|that|this|if|when|who|me|us|app|you|they|people|members|all|everyone|live|us|ideally|maybe|perhaps|later|too|well|do|does|it'd|i'd|we'd|out)(?:[ ,.:?!-]+|$))*$/i;

/** A sentence without what cannot be built; `rest` is null where nothing is left. */
export function cutImpossible(sentence: string): { readonly found: readonly Impossible[]; readonly rest: string | null } {
  const found: Impossible[] = [];
  let rest = sentence;
  for (const impossible of IMPOSSIBLE) {
    if (!impossible.pattern.test(rest) || isPossible(rest)) continue;
    found.push(impossible);
    if (impossible.clause) {
      const parts = rest.split(PARTS);
      const kept = parts.filter((part) => !impossible.pattern.test(part));
      const whole = kept.length < parts.length;
      rest = whole ? kept.join(' ') : '';
    } else
      rest = rest
        .replace(impossible.pattern, ' ')
        .replace(/,\s*(?=,|$)/g, '')
        .replace(/\b(?:an?|and|or|in|to|the|for)\s*(?=,|$)/gi, '')
        .replace(/\s+/g, ' ');
  }
  rest = rest
    .replace(/[,;\s]+(?:and|but)?$/i, '')
    .replace(/^(?:and|but|,|;)\s+/i, '')
    .trim();
  return { found, rest: rest === '' || EMPTY.test(rest) ? null : rest };
}

/** A link to a photo or a file is a field like any other. */
const isPossible = (sentence: string): boolean =>
  /\blinks? to (?:an? |the |some |their |its )?(?:\w+ )?(?:photo|picture|image|file|scan|document|video|pdf|recording|agreement|contract|drive|folder)\w*/i.test(
    sentence,
  ) && !/\b(?:send|predict|pay|gps|upload)\w*/i.test(sentence);
