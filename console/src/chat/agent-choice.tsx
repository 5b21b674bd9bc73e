import { useQuery } from '@tanstack/react-query'
import type { Agent } from '@chaveiro/sdk'
import { modelsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { RouterBadge } from './router-badge.tsx'

interface AgentChoiceProps {
  readonly agents: readonly Agent[]
  readonly chosen: number
  readonly onChoose: (id: number) => void
}

/** Whom to ask, and by what it is answered. */
export function AgentChoice({ agents, chosen, onChoose }: AgentChoiceProps) {
  const { t } = useWords()
  const models = useQuery(modelsQuery).data
  const agent = agents.find(({ id }) => id === chosen)
  const model = models?.find(({ id, is_default: isDefault }) => (agent?.model == null ? isDefault : id === agent.model))
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-1 pt-2">
      <label className="flex min-w-0 items-center gap-2 text-xs text-ink-soft">
        {t('chat.agent')}
        <select
          value={chosen}
          onChange={(event) => onChoose(Number(event.target.value))}
          className="min-h-6 min-w-0 max-w-48 truncate rounded-control border border-line bg-surface px-1 text-ink"
        >
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {model?.is_llm === false ? <RouterBadge /> : null}
    </div>
  )
}
