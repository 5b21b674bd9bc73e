import type { Language } from './language.ts'
import { ABILITIES, NO_TOOLS, NOT_AN_AI } from './sentences.ts'
import { fold } from './text.ts'
import type { Profile } from './tools.ts'

/** Said around a question for help without changing it. */
const GREETING: Readonly<Record<Language, string>> = {
  en: '(?:(?:hi|hello|hey|ok|okay|so|and|well|please|sorry|thanks)(?: there)?\\W+)*',
  pt: '(?:(?:oi|ola|ei|ok|bom dia|boa tarde|boa noite|entao|e|bem|por favor|desculpa|obrigad[ao])\\W+)*',
}
const CLOSING: Readonly<Record<Language, string>> = {
  en: '(?:\\W+(?:for me|for us|here|with (?:this|that|it)|on this page|exactly|then|now|please|actually|today|anyway))*\\W*$',
  pt: '(?:\\W+(?:por mim|pra mim|para mim|por nos|pra gente|aqui|com (?:isso|isto|ela|ele|essa pagina|esta pagina)|nesta pagina|nessa pagina|exatamente|entao|agora|por favor|mesmo|hoje|afinal))*\\W*$',
}
/** Whole questions, folded: "help me find the plan" orders something, and "how does it work?" may ask about a page. */
const QUESTIONS: Readonly<Record<Language, string>> = {
  en: [
    '(?:i need |i want |can i get |could i get |get )?(?:some )?help(?: me)?(?: out)?',
    '(?:can|could|will|would) you (?:please )?help(?: me| us)?(?: out)?',
    '(?:how|what) (?:can|could|do|would|will) you help(?: me| us)?(?: out)?(?: with)?',
    'what (?:else |all |exactly )?(?:can|do|could|are) you (?:do|offer|know|capable of|able to do|good (?:at|for))(?: (?:do|to do))?',
    'what (?:else )?(?:can|could|should|may|do) i (?:ask|do|say|type|write)(?: to| of)?(?: you)?',
    'what (?:are|is) your (?:abilit(?:y|ies)|capabilit(?:y|ies)|features?|functions?|skills?|commands?|tools?|options?)(?: (?:you have|available|there are))?',
    '(?:which|what) (?:commands|tools|features|functions|actions|options) (?:do you have|can (?:you|i) use|are (?:there|available)|do you (?:know|support|understand))',
    '(?:list|show)(?: me)? your (?:commands|tools|abilities|capabilities|features|options)',
    'how do (?:you work|i use (?:you|this)|i start|i begin)',
    'how does (?:this|it all|this thing|this chat|this agent|this assistant|chaveiro) work',
    '(?:who|what) are you',
    'what is chaveiro',
  ].join('|'),
  pt: [
    '(?:preciso de |quero |uma )?(?:uma )?ajuda(?: (?:ai|me))?',
    '(?:(?:voce|vc|tu|voces) )?(?:me ajud[ae]|pode(?:s|ria)? (?:me )?ajudar|ajude-me|ajuda-me|socorro)(?: (?:ai|me))?',
    '(?:em |no |com )?(?:o )?que (?:mais |e que )?(?:voces|voce|vc|tu|ce) (?:(?:sabe|pode|consegue|poderia)s?|faz|oferece|e capaz de)(?: (?:de )?(?:fazer|me ajudar|ajudar|oferecer))?',
    '(?:o )?que (?:mais )?(?:(?:eu|a gente) )?(?:posso|pode|consigo|da (?:pra|para)|devo) (?:fazer|pedir|perguntar|escrever|dizer)(?: (?:a|para|pra) (?:voce|vc|ti))?',
    '(?:como|em que|no que) (?:e que )?(?:voce|vc|tu) (?:(?:pode|poderia|consegue) )?(?:me )?ajuda(?:r)?',
    '(?:quais|que|qual) (?:(?:sao|e) )?(?:as |os |o |a )?(?:suas?|seus?) (?:habilidades?|capacidades?|funcoes|funcao|recursos?|comandos?|ferramentas?|opcoes)',
    '(?:quais|que) (?:habilidades|capacidades|funcoes|recursos|comandos|ferramentas|opcoes) (?:(?:que )?(?:voce|vc) (?:tem|conhece|usa|entende)|existem|ha)',
    '(?:liste|mostre|mostra)(?:-me)? (?:suas|seus|as suas|os seus) (?:habilidades|funcoes|recursos|comandos|ferramentas|opcoes)',
    'como (?:e que )?(?:(?:isso|isto|voce|vc|tu|o chaveiro|este agente|esse agente|este chat|esse chat) )?funcionas?(?: (?:isso|isto|aqui|o chaveiro|voce))?',
    'como (?:(?:eu |que eu )?(?:uso|comeco)|usar|se usa)(?: (?:isso|isto|voce|vc))?',
    'quem (?:e|eh) (?:voce|vc)|(?:voce|vc) (?:e|eh) quem|quem es tu',
    '(?:o )?que (?:e|eh) (?:voce|vc|o chaveiro)',
  ].join('|'),
}
/** Nobody asks for help at greater length. */
const MAX_QUESTION_CHARACTERS = 160
const ASKED: Readonly<Record<Language, RegExp>> = { en: patternIn('en'), pt: patternIn('pt') }

function patternIn(language: Language): RegExp {
  return new RegExp(`^\\W*${GREETING[language]}(?:${QUESTIONS[language]})${CLOSING[language]}`)
}

/** The language in which a message asks what can be done here; undefined where it asks for something else. */
export function helpAskedIn(message: string): Language | undefined {
  if (message.length > MAX_QUESTION_CHARACTERS) return undefined
  const folded = fold(message)
    .replace(/[’']s /, ' is ')
    .trim()
  if (ASKED.en.test(folded)) return 'en'
  return ASKED.pt.test(folded) ? 'pt' : undefined
}

/** What the tools on offer do, one line for each service. */
export function abilities(profiles: readonly Profile[], language: Language): string {
  if (profiles.length === 0) return `${NO_TOOLS[language]} ${NOT_AN_AI[language]}`
  const services = [...new Set(profiles.map(({ tool }) => tool.provider))]
  const lines = services.map((service) => {
    const titles = profiles.filter(({ tool }) => tool.provider === service).map(({ tool }) => tool.title[language])
    return `- ${service}: ${titles.join(', ')}`
  })
  return [`${ABILITIES[language]} ${NOT_AN_AI[language]}`, lines.join('\n')].join('\n\n')
}
