import { says } from './situation.ts'
import type { Situation } from './situation.ts'

/** Asked of the one who is spoken to; "do you know when it ends?" is not, but asks when it ends. */
const ABOUT_THE_ASSISTANT = new RegExp(
  "(?<![a-z])(?:(?:are|were|did|aren'?t|didn'?t) you|do you (?:like|think|want|speak|understand|work|love|feel|believe|prefer|learn|keep|store|use)|" +
    '(?:made|built|created|trained|about|of) you(?:rself)?(?= *(?:[?.!,]|$))|your (?:name|opinion|favou?rite|job|purpose|model|instructions|prompt|version|maker|creator|owner|age)|' +
    '(?:voce|vc|tu) (?:e|eh|esta|ta|foi|fez|gosta|acha|pensa|quer|fala|entende|funciona|trabalha|ama|sente|acredita|prefere|aprende|guarda|usa|vai bem)(?![a-z])|' +
    '(?:criou|fez|inventou|treinou) (?:voce|vc)|(?:e|eh) (?:voce|vc)(?= *(?:[?.!,]|$))|(?:seu|teu) (?:nome|criador|modelo|dono)|sua (?:opiniao|versao|idade|funcao))',
)
const SMALL_TALK = new RegExp(
  "(?<![a-z])(?:how(?:'?s| is) it going|what'?s up(?![a-z])|how(?:'?s| is) your day|tudo (?:bem|bom|certo)|como vai|beleza\\s*\\?|" +
    "what time is it(?: now)?(?= *(?:[?.!,]|$))|what(?:'?s| is) the time|what day is (?:it|today)(?: today)?(?= *(?:[?.!,]|$))|what(?:'?s| is) (?:today|the date today|today'?s date)|que horas sao|que dia e hoje|(?:weather|previsao do tempo)(?![a-z])|(?:will|does) it rain|vai chover)",
)
const OF_THE_WORLD = new RegExp(
  '(?<![a-z])(?:(?:capital|president|prime minister|king|queen|population) of|(?:capital|presidente|rei|rainha|populacao) d[aeo]s?|meaning of life|sentido da vida|' +
    "what(?:'?s| is) \\d[\\d.,]*\\s*(?:[-+*x/]|plus|minus|times)|quanto e \\d|jokes?|piadas?)(?![a-z])",
)

/**
 * A question that is not for the thing that was spoken of before, though nothing else is named: it is general, or it points at
 * nothing and something else was said since. Without a pointer only what the newest answer spoke of can be meant.
 */
export function isGeneral(situation: Situation): boolean {
  const { focus, main } = situation
  if (main !== undefined || focus.how === undefined) return false
  // "What time is it?" only seems to point at something.
  if (says(situation, ABOUT_THE_ASSISTANT) || says(situation, SMALL_TALK)) return true
  return focus.how === 'silence' && (focus.isOld === true || says(situation, OF_THE_WORLD))
}
