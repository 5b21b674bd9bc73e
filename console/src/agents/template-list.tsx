import type { Agent } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { TEMPLATES } from './templates.ts'
import { useCreateAgent } from './use-create-agent.ts'

interface TemplateListProps {
  readonly onCreated: (agent: Agent) => unknown
  /** Whether this is what to do next. */
  readonly isNext: boolean
}

/** Beginnings to choose from. */
export function TemplateList({ onCreated, isNext }: TemplateListProps) {
  const { t } = useWords()
  const create = useCreateAgent(onCreated)
  return (
    <div className="grid gap-3">
      {create.isError ? <Failure error={create.error} /> : null}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {TEMPLATES.map((template, index) => (
          <li key={template.id} className="grid content-between gap-3 rounded-card border border-line bg-surface p-4">
            <div>
              <h3>{t(template.name)}</h3>
              <p className="text-sm text-ink-soft">{t(template.about)}</p>
            </div>
            <Button
              look={isNext && index === 0 ? 'primary' : 'quiet'}
              className="justify-self-start"
              busy={create.isPending && create.variables.id === template.id}
              disabled={create.isPending}
              aria-label={t('agents.create_from', { name: t(template.name) })}
              onClick={() => create.mutate(template)}
            >
              {t('agents.create')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
