import { fold } from './text.ts'

/** What a row can be put into, where another word could name a place: "move it to Done" and "move it to Clientes". */

const STATES = new RegExp(
  '^(?:done|doing|to ?do|in (?:progress|review|approval)|review|backlog|next|later|blocked|(?:on )?hold|won|lost|open|closed|pending|' +
    'ready|active|inactive|draft|paid|unpaid|overdue|urgent|high|low|medium|critical|negotiation|proposal|testing|qa|live|shipped|sent|' +
    '[a-z]+ed|p\\d|em [a-z]+|a fazer|fazendo|pronto|pronta|feito|feita|ganho|ganha|pendente|urgente|alta|media|baixa|critica|rascunho|ativo|ativa|' +
    'aberto|aberta|entregue|negociacao|proposta|revisao|[a-z]+(?:ad|id)[oa])$',
)

/** Words for a row that goes from state to state. */
export const OF_ROWS =
  /(?<![a-z])(?:tasks?|cards?|deals?|tickets?|tarefas?|cart(?:ao|oes)|negocios?|chamados?)(?![a-z])/

/** Whether a value is what states are usually called. */
export function looksLikeState(value: string): boolean {
  return STATES.test(fold(value).trim())
}
