import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleCheck, Copy, Trash2 } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { Agent } from '@chaveiro/sdk'
import { agentsQuery, client, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field, LongField } from '../parts/field.tsx'
import { NAME_CHARACTERS } from '../parts/lengths.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { deleteSoon } from './deletions.ts'
import { changeOf, DESCRIPTION_CHARACTERS, draftOf, INSTRUCTIONS_CHARACTERS, type Draft } from './draft.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { ModelField } from './model-field.tsx'
import { ToolChoice } from './tool-choice.tsx'
import { useDuplicateAgent } from './use-create-agent.ts'

/** Everything about an agent, to read and, where it is one's own, to change. */
export function AgentForm({ agent }: { readonly agent: Agent }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const tools = useQuery(toolsQuery)
  const [draft, setDraft] = useState(() => draftOf(agent))
  const change = changeOf(agent, draft)
  const isChanged = Object.keys(change).length > 0
  const save = useMutation({
    mutationFn: () => client.agents.change(agent.id, change),
    async onSuccess(changed) {
      // As the server keeps it: without the blanks around a name.
      setDraft(draftOf(changed))
      queries.setQueryData([...agentsQuery.queryKey, agent.id], changed)
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey, exact: true })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate()
  }
  const edit = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  return (
    <>
      <form className="grid max-w-3xl grid-cols-1 gap-6" onSubmit={submit}>
        {agent.owned ? null : <p className="text-ink-soft">{t('agent.not_owned')}</p>}
        <Definition draft={draft} isOwned={agent.owned} onEdit={edit} />
        <Loaded query={tools} skeleton={<Skeletons count={2} className="h-32" />}>
          {(list) => (
            <ToolChoice
              agent={agent}
              tools={list}
              chosen={draft.tools}
              onChange={(chosen) => edit({ tools: chosen })}
            />
          )}
        </Loaded>
        {save.isError ? <Failure error={save.error} /> : null}
        <Bar
          agent={agent}
          isChanged={isChanged}
          isSaving={save.isPending}
          isReady={tools.data !== undefined}
          isSaved={save.isSuccess && !isChanged}
          onDiscard={() => setDraft(draftOf(agent))}
        />
      </form>
      <MoreActions agent={agent} />
      <LeaveGuard isChanged={isChanged && !save.isPending} />
    </>
  )
}

interface BarProps {
  readonly agent: Agent
  readonly isChanged: boolean
  readonly isSaving: boolean
  readonly isReady: boolean
  readonly isSaved: boolean
  readonly onDiscard: () => void
}

/** Stays in view, so that a change far up can be saved from anywhere. */
function Bar({ agent, isChanged, isSaving, isReady, isSaved, onDiscard }: BarProps) {
  const { t } = useWords()
  return (
    <div className="sticky bottom-[calc(3rem+env(safe-area-inset-bottom))] z-10 -mx-4 flex flex-wrap items-center gap-3 border-t border-line bg-paper px-4 pb-5 pt-3 md:bottom-0 md:pb-3">
      {agent.owned ? (
        <Button type="submit" look="primary" busy={isSaving} disabled={!isReady || !isChanged}>
          {t('save')}
        </Button>
      ) : null}
      {isChanged ? (
        <Button look="bare" onClick={onDiscard}>
          {t('agent.discard')}
        </Button>
      ) : (
        <Link to="/chat" search={{ agent: agent.id }} className={buttonLook('quiet')}>
          {t('agents.chat')}
        </Link>
      )}
      <Saved isShown={isSaved} />
    </div>
  )
}

interface DefinitionProps {
  readonly draft: Draft
  readonly isOwned: boolean
  readonly onEdit: (part: Partial<Draft>) => void
}

function Definition({ draft, isOwned, onEdit }: DefinitionProps) {
  const { t } = useWords()
  return (
    <fieldset disabled={!isOwned} className="grid grid-cols-1 gap-6">
      <Field
        label={t('field.name')}
        value={draft.name}
        required
        maxLength={NAME_CHARACTERS}
        onChange={(event) => onEdit({ name: event.target.value })}
      />
      <Field
        label={t('agent.description')}
        hint={t('agent.description_hint')}
        value={draft.description}
        maxLength={DESCRIPTION_CHARACTERS}
        onChange={(event) => onEdit({ description: event.target.value })}
      />
      <LongField
        label={t('agent.instructions')}
        hint={t('agent.instructions_hint')}
        value={draft.instructions}
        maxLength={INSTRUCTIONS_CHARACTERS}
        onChange={(event) => onEdit({ instructions: event.target.value })}
      />
      <ModelField chosen={draft.model} onChoose={(model) => onEdit({ model })} />
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-0.5 size-4"
          checked={draft.shared}
          onChange={(event) => onEdit({ shared: event.target.checked })}
        />
        <span className="grid gap-0.5">
          <span className="text-sm font-medium">{t('agent.share')}</span>
          <span className="text-xs text-ink-soft">{t('agent.share_hint')}</span>
        </span>
      </label>
    </fieldset>
  )
}

function Saved({ isShown }: { readonly isShown: boolean }) {
  const { t } = useWords()
  return (
    <p role="status" className="flex items-center gap-1.5 text-sm text-good">
      {isShown ? (
        <>
          <CircleCheck size={16} strokeWidth={1.5} aria-hidden />
          {t('saved')}
        </>
      ) : null}
    </p>
  )
}

/** What is done with an agent as a whole. */
function MoreActions({ agent }: { readonly agent: Agent }) {
  const words = useWords()
  const { t } = words
  const navigate = useNavigate()
  const duplicate = useDuplicateAgent((copy) =>
    navigate({ to: '/agents/$agentId', params: { agentId: String(copy.id) } }),
  )
  const remove = () => {
    deleteSoon(agent, words)
    // What was not saved of it is going, too: nobody need be warned of that.
    void navigate({ to: '/agents', ignoreBlocker: true })
  }
  return (
    <section className="grid max-w-3xl gap-3 border-t border-line pt-6">
      {duplicate.isError ? <Failure error={duplicate.error} /> : null}
      <div className="flex flex-wrap gap-3">
        <Button busy={duplicate.isPending} onClick={() => duplicate.mutate(agent)}>
          <Copy size={16} strokeWidth={1.5} aria-hidden />
          {t('agent.duplicate')}
        </Button>
        {agent.owned ? (
          <Button look="danger" onClick={remove}>
            <Trash2 size={16} strokeWidth={1.5} aria-hidden />
            {t('agent.delete')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}
