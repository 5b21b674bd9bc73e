import { useQuery } from '@tanstack/react-query'
import { BookOpen, PenLine, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Agent, AgentPolicy, Tool } from '@chaveiro/sdk'
import { connectionsQuery, providersQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { agentPoliciesQuery, useDecidePolicy, type PolicyChange, type PolicyScope } from './policies-query.ts'
import { PolicyChoice } from './policy-choice.tsx'
import { ScopeChoice } from './scope-choice.tsx'

interface ToolChoiceProps {
  readonly agent: Agent
  readonly tools: readonly Tool[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** What a tool does to the account. */
function toolKind({ annotations }: Pick<Tool, 'annotations'>) {
  if (annotations.readOnly) return { icon: BookOpen, tone: 'plain', word: 'tool.reads' } as const
  if (annotations.destructive) return { icon: TriangleAlert, tone: 'warn', word: 'tool.changes' } as const
  return { icon: PenLine, tone: 'plain', word: 'tool.adds' } as const
}

interface ToolGroup {
  readonly id: string
  readonly name: string
  readonly tools: readonly Tool[]
}

/** The tools by where they come from: a provider, or one remote server. */
function useGroups(tools: readonly Tool[]): ToolGroup[] {
  const providers = useQuery(providersQuery).data
  const connections = useQuery(connectionsQuery).data
  const groupOf = ({ provider, connection_id: id }: Tool) => (id === undefined ? provider : `${provider}-${id}`)
  return [...new Map(tools.map((tool) => [groupOf(tool), tool]))].map(
    ([id, { provider, connection_id: connection }]) => ({
      id,
      name:
        (connection === undefined
          ? providers?.find((one) => one.id === provider)?.name
          : connections?.find((one) => one.connection_id === connection)?.label) ?? provider,
      tools: tools.filter((tool) => groupOf(tool) === id),
    }),
  )
}

/** What the agent may use, to tick, and what happens when it does, which is the person's own to say. */
export function ToolChoice({ agent, tools, chosen, onChange }: ToolChoiceProps) {
  const { t } = useWords()
  const groups = useGroups(tools)
  const policies = useQuery(agentPoliciesQuery(agent.id))
  const decide = useDecidePolicy(agent.id)
  const [scope, setScope] = useState<PolicyScope>('agent')
  const gone = chosen.filter((name) => !tools.some((tool) => tool.name === name))
  const set = (group: ToolGroup, names: readonly string[]) => {
    const own = new Set(group.tools.map(({ name }) => name))
    onChange([...chosen.filter((name) => !own.has(name)), ...names])
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <div>
        <h2 className="text-lg">{t('agent.tools')}</h2>
        <p className="text-sm text-ink-soft">{t('agent.tools_hint')}</p>
      </div>
      <ScopeChoice scope={scope} onChoose={setScope} />
      {policies.isError ? <Failure error={policies.error} onRetry={() => void policies.refetch()} /> : null}
      {decide.isError ? <Failure error={decide.error} /> : null}
      {groups.map((group) => (
        <GroupTools
          key={group.id}
          group={group}
          isOwned={agent.owned}
          chosen={new Set(chosen)}
          scope={scope}
          policies={new Map(policies.data?.map((policy) => [policy.tool, policy]))}
          onTick={(names) => set(group, names)}
          onDecide={decide.mutate}
        />
      ))}
      {gone.length === 0 ? null : (
        <Gone
          tools={gone}
          isOwned={agent.owned}
          onRemove={() => onChange(chosen.filter((name) => !gone.includes(name)))}
        />
      )}
    </div>
  )
}

interface GroupToolsProps {
  readonly group: ToolGroup
  readonly isOwned: boolean
  readonly chosen: ReadonlySet<string>
  readonly scope: PolicyScope
  readonly policies: ReadonlyMap<string, AgentPolicy>
  readonly onTick: (names: readonly string[]) => void
  readonly onDecide: (change: PolicyChange) => void
}

function GroupTools({ group, isOwned, chosen, scope, policies, onTick, onDecide }: GroupToolsProps) {
  const { t } = useWords()
  const ticked = group.tools.filter(({ name }) => chosen.has(name)).map(({ name }) => name)
  const offers = [
    ['agent.tools_all', group.tools],
    ['agent.tools_read', group.tools.filter(({ annotations }) => annotations.readOnly)],
    ['agent.tools_none', []],
  ] as const
  return (
    <fieldset className="min-w-0 rounded-card border border-line bg-surface">
      <legend className="ml-3 max-w-full break-words px-1 text-sm font-medium">
        {group.name}{' '}
        <span className="font-normal text-ink-soft">
          {t('agent.tools_of', { count: ticked.length, all: group.tools.length })}
        </span>
      </legend>
      {isOwned ? (
        <div className="flex flex-wrap gap-2 px-3 pb-2 pt-1">
          {offers.map(([word, tools]) => (
            <Button key={word} look="bare" onClick={() => onTick(tools.map(({ name }) => name))}>
              {t(word)}
            </Button>
          ))}
        </div>
      ) : null}
      <ul className="divide-y divide-line border-t border-line">
        {group.tools.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            isTicked={chosen.has(tool.name)}
            isOwned={isOwned}
            scope={scope}
            policy={policies.get(tool.name)}
            onTick={(isOn) => onTick(isOn ? [...ticked, tool.name] : ticked.filter((name) => name !== tool.name))}
            onDecide={onDecide}
          />
        ))}
      </ul>
    </fieldset>
  )
}

interface ToolRowProps {
  readonly tool: Tool
  readonly isTicked: boolean
  readonly isOwned: boolean
  readonly scope: PolicyScope
  readonly policy: AgentPolicy | undefined
  readonly onTick: (isOn: boolean) => void
  readonly onDecide: (change: PolicyChange) => void
}

function ToolRow({ tool, isTicked, isOwned, scope, policy, onTick, onDecide }: ToolRowProps) {
  const { t, local } = useWords()
  const { icon, tone, word } = toolKind(tool)
  const title = local(tool.title)
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <label className="flex min-w-0 flex-1 basis-56 cursor-pointer items-center gap-3 has-disabled:cursor-default">
        <input
          type="checkbox"
          checked={isTicked}
          disabled={!isOwned}
          onChange={(event) => onTick(event.target.checked)}
          className="size-4 shrink-0"
        />
        <span className="min-w-0 break-words">{title}</span>
        <Badge icon={icon} tone={tone} text={t(word)} />
      </label>
      {policy === undefined ? null : (
        <PolicyChoice
          title={title}
          policy={policy}
          scope={scope}
          mayAllow={isOwned || scope === 'all'}
          onDecide={onDecide}
        />
      )}
    </li>
  )
}

interface GoneProps {
  readonly tools: readonly string[]
  readonly isOwned: boolean
  readonly onRemove: () => void
}

/** Tools that are not there any more stay chosen until somebody decides otherwise: nothing is dropped unseen. */
function Gone({ tools, isOwned, onRemove }: GoneProps) {
  const { t } = useWords()
  return (
    <div className="grid justify-items-start gap-2 rounded-card border border-warn p-4 text-sm">
      <p>{t('agent.tools_gone', { count: tools.length })}</p>
      <p className="break-all font-mono text-xs text-ink-soft">{tools.join(', ')}</p>
      {isOwned ? <Button onClick={onRemove}>{t('agent.tools_gone_remove')}</Button> : null}
    </div>
  )
}
