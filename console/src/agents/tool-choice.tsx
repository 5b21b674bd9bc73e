import { useQuery } from '@tanstack/react-query'
import { BookOpen, PenLine, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Tool } from '@chaveiro/sdk'
import { providersQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'

interface ToolChoiceProps {
  readonly tools: readonly Tool[]
  readonly chosen: readonly string[]
  readonly onChange: () => void
}

/** What a tool does to the account. */
function toolKind({ annotations }: Pick<Tool, 'annotations'>) {
  if (annotations.readOnly) return { icon: BookOpen, tone: 'plain', word: 'tool.reads' } as const
  if (annotations.destructive) return { icon: TriangleAlert, tone: 'warn', word: 'tool.changes' } as const
  return { icon: PenLine, tone: 'plain', word: 'tool.adds' } as const
}

/** The tools of each provider, to tick. */
export function ToolChoice({ tools, chosen, onChange }: ToolChoiceProps) {
  const { t } = useWords()
  const providers = [...new Set(tools.map(({ provider }) => provider))]
  const names = useQuery(providersQuery).data
  // A tool that is no longer there stays chosen until somebody decides otherwise: nothing is dropped unseen.
  const gone = chosen.filter((name) => !tools.some((tool) => tool.name === name))
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="text-lg">{t('agent.tools')}</h2>
        <p className="text-sm text-ink-soft">{t('agent.tools_hint')}</p>
      </div>
      {providers.map((id) => (
        <ProviderTools
          key={id}
          name={names?.find((provider) => provider.id === id)?.name ?? id}
          tools={tools.filter(({ provider }) => provider === id)}
          chosen={chosen}
          onChange={onChange}
        />
      ))}
      {gone.map((name) => (
        <input key={name} type="hidden" name="tools" value={name} />
      ))}
    </div>
  )
}

function ProviderTools({ name, tools, chosen, onChange }: ToolChoiceProps & { readonly name: string }) {
  const { t, local } = useWords()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(chosen))
  const set = (names: Iterable<string>) => {
    setTicked(new Set(names))
    onChange()
  }
  const toggle = (tool: string) => {
    const next = new Set(ticked)
    if (!next.delete(tool)) next.add(tool)
    set(next)
  }
  return (
    <fieldset className="rounded-card border border-line bg-surface">
      <legend className="ml-3 px-1 text-sm font-medium">{name}</legend>
      <div className="flex flex-wrap gap-2 px-3 pb-2 pt-1">
        <Button look="bare" onClick={() => set(tools.map((tool) => tool.name))}>
          {t('agent.tools_all')}
        </Button>
        <Button
          look="bare"
          onClick={() => set(tools.filter((tool) => tool.annotations.readOnly).map((tool) => tool.name))}
        >
          {t('agent.tools_read')}
        </Button>
        <Button look="bare" onClick={() => set([])}>
          {t('agent.tools_none')}
        </Button>
      </div>
      <ul className="divide-y divide-line border-t border-line">
        {tools.map((tool) => {
          const { icon, tone, word } = toolKind(tool)
          return (
            <li key={tool.name}>
              <label className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-3 px-4 py-1.5 has-disabled:cursor-default">
                <input
                  type="checkbox"
                  name="tools"
                  value={tool.name}
                  checked={ticked.has(tool.name)}
                  onChange={() => toggle(tool.name)}
                  className="size-4"
                />
                <span className="min-w-0 flex-1">{local(tool.title)}</span>
                <Badge icon={icon} tone={tone} text={t(word)} />
              </label>
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
