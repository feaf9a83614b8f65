/*
 * What the engine does not build, by what is wanted rather than by single words: who or what would have to act, and on what.
 */

export interface Impossible {
  readonly pattern: RegExp;
  readonly what: string;
  readonly why: string;
  /** True where the words around it are about nothing else. */
  readonly clause: boolean;
}

const any = (...patterns: readonly string[]): RegExp => new RegExp(patterns.join('|'), 'i');
const r = String.raw;

/** Words that may stand between a verb and what it is about. */
const DET = '(?:(?:the|an?|our|my|your|their|its|his|her|some|each|every|all|any|of|those|these|this|that|new|whole) )*';
const FEW = r`(?:[\w'-]+ ){0,3}?`;
const WHOM =
  '(?:me|us|them|him|her|you|people|everyone|everybody|whoever|somebody|(?:the|an?|our|my|each|every|all|their|his|her) (?:[a-z]+ )?[a-z]+|[a-z]+s)';
const MESSAGE =
  '(?:e-?mails?|reminders?|notifications?|sms|(?:text|push|voice|whatsapp) messages?|messages?|texts?|newsletters?|alerts?|whatsapps?|postcards?|letters? (?:automatically|out))';
const SHOULD = '(?:should|could|can|must|will|would|shall|let it|have it|make it|it|app|system|automatically|and also)';
/** The app itself as who would have to act: "could it also", "if the system", "have it". */
const ITSELF =
  '(?:(?:(?:if|that|whether|and|so) )?\\b(?:it|(?:the|this|your) (?:app|system|programme?|computer|website|software|site|tool)) (?:(?:should|could|can|might|must|will|would|also|even|just|simply|automatically|then|to|ever) )*|\\b(?:can|could|should|would|will) (?:it|the app|the system|the programme?|the computer) (?:also |even |just |please |ever |automatically )*|\\b(?:have|let|make|get) (?:it|the app|the system) (?:to |also )?)';
const DEVICE =
  '(?:machines?|devices?|scales?|balances?|sensors?|meters?|thermometers?|thermostats?|thermo-?hygrometers?|loggers?|probes?|tills?|cash registers?|printers?|locks?|gates?|doors?|barriers?|turnstiles?|cameras?|readers?|trackers?|beacons?|chips?|pumps?|robots?|drones?|watch(?:es)?|monitors?|instruments?|weighbridges?|tachographs?|controllers?|boilers?|lamps?|lights?|heaters?|heating|sprinklers?|valves?|clocks?|hardware)';
const SYSTEM =
  '(?:google|outlook|i?calendars?|quickbooks|xero|sage|datev|sap|salesforce|slack|teams|zoom|ebay|etsy|amazon|shopify|woocommerce|wordpress|facebook|instagram|twitter|tiktok|linkedin|youtube|spotify|mailchimp|airbnb|hubspot|dropbox|sharepoint|systems?|software|shops?|web ?sites?|banks?|accounting|api|platforms?|register of|government|ministry|authorit(?:y|ies)|internet)';
const LANGUAGE =
  '(?:english|spanish|french|german|italian|portuguese|polish|dutch|welsh|irish|gaelic|greek|turkish|arabic|hebrew|russian|ukrainian|chinese|mandarin|japanese|korean|hindi|urdu|bengali|punjabi|vietnamese|tagalog|swedish|danish|norwegian|finnish|romanian|czech|catalan|basque)';

/** What the engine cannot build, with the reason a person is given and the nearest thing that the app does. */
export const IMPOSSIBLE: readonly Impossible[] = [
  {
    pattern: any(
      r`\b(?:send|remind|notify|alert|warn)(?:s|ing|ed)?\b[^.;]*\b${MESSAGE}\b`,
      r`\b(?:e-?mail|push|sms|text|automatic|automated|whatsapp|phone) (?:reminder|notification|alert|message|confirmation)s?\b`,
      r`\b(?:reminder|confirmation|thank[- ]you|birthday|welcome) (?:e-?mail|text|sms|message|call|letter)s?\b`,
      r`\b(?:remind|notify|nudge|alert)s? ${WHOM}\b`,
      r`\b${SHOULD} (?:also |just |please |then |simply |automatically )*(?:text|e-?mail|message|whatsapp|sms|phone|ping|ring|buzz|dm)s? ${WHOM}\b`,
      r`\b(?:text|e-?mail|message|whatsapp|sms|call|phone|ping|ring)(?:s|ing|ed)? ${WHOM}\b[^.;]*\b(?:automatic\w*|when|before|once|if|reminders?|as soon as|every|each|the day)\b`,
      r`\b(?:drop|shoot|fire)(?:s|ing)? ${WHOM} (?:off )?(?:an? )?(?:line|text|note|message|e-?mail)\b`,
      r`\b(?:text|e-?mail|sms|message)s? (?:goes|go|is sent|are sent|going) (?:out )?to\b`,
      r`\bautomatic\w* (?:text|e-?mail|message|call|remind|notif)\w*\b`,
      r`\b(?:gets?|receives?|getting) (?:an? |the |their )?(?:automatic |automated |little |friendly )?(?:e-?mail|text|sms|message|notification|reminder|alert)s?\b`,
      r`\b(?:told|informed|reminded|notified|warned|alerted|contacted) (?:automatically |about it |of it )?(?:by|via|on|through|over) (?:an? )?(?:text|e-?mail|sms|phone|whatsapp|message|post|telegram)\b`,
      r`\b(?:be|get|gets|getting|been) (?:automatically )?(?:reminded|notified|alerted|texted|e-?mailed)\b`,
      r`\b(?:by|via|over|on|through) (?:whatsapp|sms|text message|telegram|signal|messenger)\b`,
      r`\b(?:app|it|system) (?:should|could|can|must|will|would)?\s*(?:lets?|tells?) (?:the |our |my |each |every )?[a-z]+ (?:\w+ )?know (?:when|that|if|the day|as soon)\b`,
      r`${ITSELF}(?:rings?|rang|calls?|called|phones?|phoned|texts?|texted|e-?mails?|e-?mailed|messages?|messaged|pings?|tells?|told|contacts?|contacted|warns?|warned|chases?|faxe?s?) ${WHOM}\b(?! how| what| which| when| who| if| about)`,
      r`^(?:please )?(?:let|tell) (?:the |our |my |each |every )[a-z]+ (?:know )?(?:when|that|if|as soon)\b|^(?:please )?(?:and |also )*(?:e-?mail|text|message|whatsapp|phone|ring) ${WHOM}\b`,
      r`\bmail ?shots?\b|\bmailing list\b[^.;]*\bsend|\bpush notifications?\b`,
    ),
    what: 'Sending e-mails, text messages or reminders',
    why: 'the app has no mail or message service; it shows lists instead, such as of what is due',
    clause: true,
  },
  {
    pattern: any(
      r`\b(?:mobile|native|iphone|ios|ipad|android|phone|smartphone|desktop) app(?:lication)?s?\b`,
      r`\b(?:iphone |apple |google )?(?:app|play) ?store\b`,
      r`\bapp for (?:the |my |our |their )?(?:iphone|android|ipad|phone)s?\b`,
    ),
    what: 'A native mobile or desktop app from an app store',
    why: 'it is a web app, usable on phones in the browser',
    clause: false,
  },
  {
    pattern: any(
      r`\b(?:machine learning|artificial intelligence|AI|chat ?gpt|chat ?bot|image recognition|face recognition|facial recognition|neural|predict\w*|prognos[ei]s of|forecast\w*|likelihood)\b`,
      r`\b(?:tell|show)s? (?:us |me |them )?(?:which|what|who|how many|how much|when|whether)\b[^.;]{0,40}\b(?:will|(?:is|are) (?:going|likely) to)\b|\b(?:told|tells?|knew|knows?) (?:us|me|them) (?:how many|how much|which|what|who|when|whether)\b[^.;]{0,40}\b(?:will|would|going to|tomorrow|next (?:week|month|year|season))\b`,
      r`\b(?:work|figure|find)s? out (?:which|what|who|when|whether|how many|how much)\b[^.;]{0,40}\b(?:will|going to|likely to)\b`,
      r`^(?:please |to |and |also )*suggest(?:s|ing)? (?:an? |the |some |new )|\bbots?\b|${ITSELF}(?:talk|talks|speak|speaks|listens?|hears?|answers?|guess(?:es)?|learns?|advises?|decides?|recommends?|thinks?|understands?|composes?|draws?|translates?|writes? (?:the|an?|our) (?:text|letter|report|description|poem|article)s?)\b|\btalk to it\b`,
      r`\bhow likely\b|\b(?:chances?|probability|odds) (?:of|that|are)\b`,
      r`\b(?:give|make|get|with|show|offer|automatic|smart|personal\w*) recommendations?\b|\brecommends?\b(?! by)`,
      r`\b(?:guess|foresee|anticipate|foretell)(?:es|s|ing)? (?:what|which|how|when|who|where|whether)\b|\bestimat\w+ (?:what|how|future|automatically)\b`,
      r`\b${SHOULD} (?:\w+ )?suggest(?:s|ing)?\b|\bsuggest(?:s|ing)? (?:what|which|the best|a price|prices|similar|matches)\b`,
      r`\b(?:recogni[sz]|identif|detect|spot|classif|diagnos)\w* ${DET}(?:[a-z]+ ){0,2}?(?:from|by|in|off|on) ${DET}(?:photo|picture|image|sound|song|voice|smell|scan|video|face|camera|handwriting|itself|its own)s?\b`,
      r`\b(?:have|let|make|can|could|should|would|will|that|to) (?:it |the app |the system )?(?:also )?(?:recogni[sz]e|diagnose|detect)s?\b`,
      r`\b(?:optimi[sz]e|optimal|cleverly|intelligent(?:ly)?)\b`,
      r`\b(?:work|works|working|figure|figures|find|finds) out (?:\w+ )*?(?:the best|the ideal|the fastest|the shortest|the optimal|what will|who will|when will|whether .{1,30} will)\b`,
      r`\b(?:tell|tells|say|says|know|knows|show|shows) (?:us |me |them )?(?:in advance|beforehand|ahead of time|what will|who will|how many .{1,30} will|when .{1,40} will|whether .{1,30} will)\b`,
      r`\b(?:plan|schedule|reschedule|assign|match|arrange|allocate|draw up|sort|grade|mark|fill)s? .{0,40}?(?:automatically|by itself|on its own|for us|all alone)\b`,
      r`\bautomatically (?:plan|schedul|reschedul|assign|match|arrang|allocat|optimi|grad|classif|balanc)\w*\b`,
      r`\b(?:learns?|learning) (?:from|what|which|over time|by itself|our|my)\b[^.;]*\b(?:app|it|system|itself|habits?|taste|data|past)\b`,
    ),
    what: 'Predictions, recommendations and machine learning',
    why: 'the app keeps and shows records; it does not learn, but its totals and charts show how things have gone',
    clause: true,
  },
  {
    pattern: any(
      r`\bonline payments?\b|\b(?:debit|credit) cards?\b|\b(?:card|paypal|contactless|mobile|in-app|electronic|digital) (?:payment|transaction)s?\b`,
      r`\b(?:paypal|stripe|venmo|zelle|bizum|twint|klarna|swish|vipps|square reader|sumup|izettle|zettle|apple pay|google pay|m-?pesa|mobile money|bitcoins?|gift ?aid claim)\b`,
      r`\b(?:pay|pays|paid|paying|payable|charge|charges|buy|buys|settle|settles|donate|donates|take|takes|collect|collects) (?:[\w']+ ){0,6}?(?:online|by card|by bank card|with (?:an? |their |the |your |our )?(?:card|phone|wallet)|on (?:an? |the |their )?card|right in|(?:in|inside|within)(?: of)? the (?:app|site|website|system|program)|through (?:the|it|this)|over the (?:web|internet|phone)|right on|on the (?:page|site|web ?site|app|spot through)|directly)\b`,
      r`\b(?:take|accept|collect|process|handle)(?:s|ing)? (?:${DET})(?:card |online |bank )?payments?\b|\bpayment (?:gateway|processing|provider|terminal|link)s?\b`,
      r`\b(?:charge|debit|bill)(?:s|ing)? (?:${DET}|[a-z]+'s? )*(?:[a-z]+ )?(?:cards?|accounts?)\b`,
      r`\bdirect debits?\b|\bstanding orders?\b|\bbank (?:transfers?|feed|connection) automatic\w*\b|\bshopping (?:cart|basket)\b|\bcheckout page\b`,
      r`\b(?:transfer|move|pay)s? (?:${DET})money (?:over |across |back )?(?:automatic\w* |between|from|to|into)`,
      r`\b(?:pay|pays|transfer|transfers|move|moves|send|sends|collect|collects|take|takes|draw|draws|refund|refunds|withdraw|deduct|deducts)\b[^.;]*\b(?:from|to|into|off|out of|via|through) (?:${DET})(?:[a-z]+'s? )?(?:bank|paypal|cards?)\b`,
      r`\bbank acc?ounts?\b[^.;]*\bautomatic\w*|\bautomatic\w*\b[^.;]*\bbank acc?ounts?\b`,
      r`\bautomatic\w* (?:refund|charg|debit|pay|bill|transfer)\w*\b`,
    ),
    what: 'Taking or making payments, such as by credit card',
    why: 'the app has no payment provider; amounts and whether they were paid can be recorded',
    clause: true,
  },
  {
    pattern: any(
      r`\bupload\w*\b(?![^.;]*\b(?:csv|excel|spreadsheets?|json|addresses|list of|existing)\b)`,
      r`\battach(?:ments?|ing|es|ed)? (?:an?|the|files?|photos?|pictures?|images?|documents?|pdfs?|scans?|receipts?|to)\b|\bfile storage\b`,
      r`\b(?:take|snap|store|save|add|with|include|keep|put in|several|see|stick in|paste) (?:an? |the |some |their |its |before-and-after |before and after )*(?:photos?|pictures?|images?|videos?|audio|recordings?|snaps?)\b(?! (?:album|book|frame|number|title|credit|session|shoot|editor|url|link)s?)`,
      r`\bshow (?:an? |the |some |their )?(?:photos?|pictures?|images?|videos?|audio|recordings?)\b|\b(?:photo|image|picture) galler(?:y|ies)\b`,
    ),
    what: 'Storing files, photos and recordings',
    why: 'records hold text, numbers and dates; a link to a file or photo elsewhere can be recorded',
    clause: false,
  },
  {
    pattern: any(
      r`\b(?:gps|geolocation|geo-?tag\w*|satellite|google maps?|sat ?nav|route (?:planning|planner|optimi\w+)|turn-by-turn|geofenc\w+)\b`,
      r`\b(?:on|in|onto|with|over) (?:an? |the |our )?(?:live |little |interactive |big |online )?map\b|\bmap (?:view|of where|with pins)\b|\bmaps? (?:of|with|showing|that shows?)\b|\blive map\b`,
      r`\b(?:live|real-time|current|exact) (?:position|whereabouts|tracking)s?\b|\b(?:live|real-time|exact) locations?\b|\b(?:position|location|whereabouts) of ${DET}(?:[a-z]+ ){1,3}(?:live|right now|in real[- ]time|at any (?:time|moment))\b`,
      r`\bwhere ${DET}(?:[a-z]+ ){1,3}(?:is|are) (?:right now|at (?:the|this|any) (?:moment|time|minute)|on the (?:road|river|water|sea)|in real[- ]time)\b`,
      r`\btrack(?:s|ing)? (?:the |our |my |their )?(?:location|position|whereabouts)\b|\btrack(?:s|ing)? [^.;]{1,40}\b(?:live|in real[- ]time|by gps|by satellite|on (?:the|their) (?:phone|way))\b`,
      r`\b(?:driving|walking) (?:directions|distance|time)\b|\bdirections to (?:the|each|every)\b|\bgive (?:the |our )?[a-z]+ directions\b|\b(?:shortest|fastest|quickest|best) (?:route|way|path)\b`,
    ),
    what: 'Maps, GPS and tracking a location',
    why: 'the app does not know the position of a device; a place or address can be recorded as text',
    clause: true,
  },
  {
    pattern: any(
      r`\b(?:scan|scans|scanned) (?:${DET}|in |their |its )*(?:bar|qr|codes?|labels?|tags?|cards?|tickets?|badges?|documents?|receipts?|items?|books?|them|it|pass(?:es)?|parcels?|bottles?|boxes|crates?|wristbands?|[a-z]+ (?:code|label|tag|card)s?)\w*|\bscanning\b|\b(?:by|can|could|to|just|we|i|they|and) scan\b`,
      r`\b(?:bar|qr)[- ]?codes? (?:scann\w+|reader|labels?|gun)|\bscanners?\b|\bscan(?:s|ning)? (?:in|out) (?:with|at)\b|\b(?:nfc|rfid|fingerprints?|webcams?|cctv)\b|\b(?:with|use|using|through|from) (?:the |a |their |my |its )?(?:phone |phone's |tablet |web)?camera\b`,
      r`\b(?:tap|swipe|touch|hold|beep)(?:s|ing)? (?:${DET})(?:[a-z]+ )?(?:cards?|fobs?|badges?|phones?|wristbands?|tags?)\b`,
      r`\bread(?:s|ing)? (?:${DET})(?:bar ?code|qr|chip|tag|label|plate|number plate)s? (?:with|by|automatically|from)\b`,
    ),
    what: 'Scanning with a camera or reader',
    why: 'the app does not use the camera of a device; a code can be typed in, also by a scanner that types like a keyboard, and searched for',
    clause: true,
  },
  {
    pattern: any(
      r`\b(?:from|off|by|out of|through) ${DET}(?:[a-z]+ ){0,2}?${DEVICE}\b[^.;]*\b(?:automatic\w*|straight|directly|alone|by (?:cable|wire|bluetooth|wifi|wi-fi|itself|themselves)|on (?:its|their) own|live|in real[- ]time|itself|themselves|wireless\w*)\b`,
      r`\b(?:straight|directly|automatically|alone|live|by (?:itself|themselves)|wirelessly|in real[- ]time) (?:in |over |through )?(?:from|off|out of|to|into|onto) ${DET}(?:[a-z]+ ){0,2}?${DEVICE}\b`,
      r`\b(?:connect|hook|plug|wire|link|couple|pair|talk|speak)(?:s|ed|ing|ion)?(?: it| them| up| in| this)* (?:to|with|into) ${DET}(?:[a-z]+ ){0,2}?${DEVICE}\b`,
      r`\b(?:read|reads|get|gets|pull|pulls|pick up|picks up|fetch|fetches|take|takes) ${DET}(?:[a-z]+ ){1,3}?(?:automatically |straight |directly |itself )?(?:from|off) ${DET}(?:[a-z]+ ){0,2}?${DEVICE}\b`,
      r`\b(?:print|engrave|sew|stitch|cut|weigh|mill)s? (?:[\w']+ ){0,4}?(?:on|with|by) ${DET}(?:[a-z]+ ){0,2}?(?:machine|plotter|laser|engraver|cutter|printer|robot)s?\b`,
      r`\b(?:open|opens|unlock|unlocks|lock|locks|switch|switches|turn|turns|start|starts|stop|stops|control|controls|dim|operate|operates)(?: on| off| up| down)? ${DET}(?:[a-z]+ ){0,2}?(?:gates?|doors?|barriers?|turnstiles?|lights?|lamps?|heating|heaters?|pumps?|sprinklers?|valves?|cameras?|alarms?|boilers?|fans?|lockers?)\b(?: on| off| automatically| by itself| itself| remotely| from)`,
      r`${ITSELF}(?:opens?|closes?|unlocks?|locks?|switch(?:es)?|turns?|starts?|stops?|controls?|dims?|operates?|steers?|drives?|reads?|measures?|weighs?|counts? down) (?:on |off |up |down )?${DET}(?:[a-z]+ ){0,2}?${DEVICE}\b`,
      r`\b(?:bluetooth|smart ?watch(?:es)?|iot|arduino|raspberry pi|smart (?:lock|meter|plug|home|card|scale)s?|alexa|siri|wearables?)\b`,
    ),
    what: 'Connections to machines and devices',
    why: 'the app reads and drives no device; what a device shows can be typed in or imported from CSV',
    clause: true,
  },
  {
    pattern: any(
      r`\bsync(?:s|ed|ing|hroni[sz]\w*)?\b|\bintegrat(?:e|es|ed|ing|ion|ions) (?:it )?(?:with|into|to)\b|\binteroperat\w+\b`,
      r`\b(?:connect|link|hook|plug|tie|talk|speak)(?:s|ed|ing|ion)?(?: it| this| up| in)* (?:to|with|into) ${DET}(?:[a-z]+ ){0,2}?${SYSTEM}\b(?! (?:page|address))`,
      r`\b(?:google|outlook|apple) calendar (?:sync|integration|feed)|\b(?:show|appear|push|put|go|goes|add|export|copy|shows|appears|pushes|puts|adds|copies)\b[^.;]{0,40}\b(?:in|into|to|onto|on) ${DET}(?:google|outlook|apple|i)[ -]?calendars?\b`,
      r`\b(?:pull|pulls|fetch|fetches|grab|grabs|get|gets|look|looks|take|takes|read|reads|import|imports|load|loads)(?: up| in)? (?:${DET}|[\w']+ ){1,5}?(?:automatically |straight |live |directly )?(?:from|off) ${DET}(?:[a-z]+ ){0,2}?(?:internet|web|web ?sites?|api|google|wikipedia|amazon|ebay|banks?|government|weather service|[a-z]+'s (?:web ?site|system|shop)|imdb|discogs|facebook|e-?mails?|inbox)\b`,
      r`\bpulls? (?:data|prices|rates) from\b|\bautomatically (?:import|fetch|post|publish|order|reorder|submit|file|renew|buy)\w*|\b(?:re-?order|order|submit|file)s? .{0,40}? automatically\b`,
      r`\b(?:post|posts|publish|publishes|put|puts|share|shares|show|shows|advertise|list|lists)\b[^.;]{0,40}\b(?:on|to|onto) ${DET}(?:[a-z]+ )?(?:facebook|instagram|twitter|tiktok|linkedin|youtube|social media|ebay|etsy|amazon|web ?site|home ?page of)\b`,
      r`\b(?:weather|currency|exchange rates?|stock market|share prices?|market prices?|tide(?:s| tables?)|traffic|train times?|flight) (?:data|api|feed|forecasts?|information|updates?|service)\b|\b(?:update|updates|feed|feeds) (?:our|my|the) (?:web ?site|home ?page|web ?shop|page)\b|\b(?:show|shows|display|displays|see|know|get|check)s? (?:us |me )?(?:[\w']+ ){0,4}?(?:weather|tides?|traffic|exchange rates?)\b|\b(?:current|live|today's|latest) (?:weather|exchange rates?|market prices?|share prices?|gold prices?|fuel prices?|tides|traffic)\b`,
    ),
    what: 'Connections to other systems',
    why: 'it stands alone; its JSON API and its import and export of CSV and JSON can be used to exchange records',
    clause: true,
  },
  {
    pattern: any(
      r`\bpdfs?\b|\bgenerat\w+ (?:an? |the )?(?:pdf|word|excel)\w*`,
      r`\bprint(?:s|ed|ing)?(?: out| off)? (?:${DET})${FEW}(?:labels?|receipts?|tickets?|badges?|invoices?|certificates?|letters?|stickers?|diplomas?|name ?tags?|wristbands?|envelopes?|vouchers?|passes|cards?)\b`,
      r`\b(?:label|receipt|ticket|thermal|badge|sticker|card|3d) printers?\b|\bmail ?merge\b|\bword documents?\b`,
    ),
    what: 'PDF documents and printed forms',
    why: 'every page can be printed from the browser, and lists can be exported as CSV',
    clause: true,
  },
  {
    pattern: any(
      r`\blive video\b|\bvideo (?:calls?|chats?|conferenc\w+|meetings?|stream\w*|link-?ups?|consult\w+|feeds?)\b|\b(?:live|video|audio|phone) ?stream\w*\b|\b(?:stream|streams|broadcast|broadcasts) (?:\w+ ){0,4}?(?:live|online|from|to|over|on the)\b`,
      r`\bphone calls? (?:from|in|through)\b|\bvoice ?calls?\b|\bcall (?:\w+ ){1,3}(?:from|through|in|within) the app\b|\bzoom (?:calls?|meetings?)\b|\bwebinars?\b`,
      r`\b(?:live )?chat(?:s|ting)? (?:with|between|room|function|feature|window|box)\b|\blive chat\b|\b(?:messag(?:e|ing)|write to|talk to) (?:each other|one another|between|system)\b|\binstant messag\w+|\b(?:discussion )?forums?\b|\bmessage boards?\b|\bsocial network\b`,
    ),
    what: 'Video calls, chat and live streams',
    why: 'the app keeps records; a link to a call elsewhere can be recorded',
    clause: true,
  },
  {
    pattern: any(
      r`\breal[- ]?time updates?\b|\blive updates?\b|\bpush updates?\b|\bupdates? (?:itself )?in real[- ]?time\b|\breal[- ]?time (?:sync\w*|collaboration|editing|data|scores?|results?|prices?|figures)\b`,
      r`\blive (?:[a-z]+ )?(?:times?|timings?|scores?|scoring|data|feeds?|results?|views?|prices?|rates?|departures?|readings?|tickers?|leader ?boards?|counts?|display|screen)\b`,
      r`\b(?:alarms?|alerts?|warnings?|readings?)\b[^.;]{0,40}\b(?:straight|directly|live|immediately|instantly) (?:on|onto|to|into)\b|\b(?:sound|play|ring|beep)s? (?:an? )?(?:alarm|buzzer|siren|sound|bell)\b`,
      r`\b(?:follow|watch|see|show|track)(?:s|ing)? (?:[\w']+ ){1,6}?(?:live|in real[- ]time|as (?:it|they) happens?)\b`,
    ),
    what: 'Live data and live updates',
    why: 'pages show the records as they are at the moment they are opened; nothing is measured or sent by itself',
    clause: true,
  },
  {
    pattern: any(
      r`\b(?:work|use|used|works|working|usable|available|run|runs) offline\b|\boffline (?:mode|use|access|version)\b|\bwithout (?:an? |any )?(?:internet|signal|wi-?fi|connection|reception|network)\b|\b(?:no|there is no|there's no) (?:internet|signal|reception|wi-?fi|mobile network)\b[^.;]*\b(?:so|still|work|anyway)\b`,
      r`\b(?:blockchain|crypto\w*|nfts?|multi-?tenant|(?:machine|automatic) translation|translat\w+ (?:itself |it |everything )?automatically|multi-?lingual|bilingual|in several languages|in (?:two|three|four|both|many|different) languages|voice (?:control|recognition|input|commands?|assistant)|dictat(?:e|ion))\b`,
      r`\b(?:in|into|to|between) (?:both )?${LANGUAGE} (?:and|or|as well as) (?:also )?(?:in )?${LANGUAGE}\b|\b(?:translate[sd]?|switch(?:es)?|version|menus?|screens?|buttons|also|pages?|choose) (?:\w+ ){0,3}?(?:in|into|to) ${LANGUAGE}\b`,
      r`\bdigital signatures?\b|\be-?signatures?\b|\be-?sign\w*\b|\b(?:sign|signs|signing|signed) (?:[\w']+ ){0,4}?(?:electronically|digitally|on (?:an? |the |their |my )?(?:screen|tablet|phone|ipad|glass|pad|device)|with (?:an? |the |their )?finger|online)\b|\b(?:capture|collect|draw)(?:s|ing)? (?:${DET})signatures?\b|\b(?:docusign)\b`,
    ),
    what: 'Offline use, several languages, voice or electronic signatures',
    why: 'the app is one web app in English, on one server, used with a browser',
    clause: true,
  },
];
