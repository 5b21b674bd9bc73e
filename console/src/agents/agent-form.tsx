import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import type { Agent, AgentDraft, Model } from '@chaveiro/sdk'
import { agentsQuery, client, modelsQuery, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { BOX_LOOK, Field, FieldFrame, LongField } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { ToolChoice } from './tool-choice.tsx'

const DeleteAgent = lazy(async () => ({ default: (await import('./delete-agent.tsx')).DeleteAgent }))

/** What the server takes. */
const NAME_CHARACTERS = 100
const DEFAULT_MODEL = ''

function draftOf(form: FormData): Partial<AgentDraft> {
  const model = textOf(form, 'model')
  return {
    name: textOf(form, 'name').trim(),
    instructions: textOf(form, 'instructions'),
    tools: form.getAll('tools').filter((name) => typeof name === 'string'),
    model: model === DEFAULT_MODEL ? null : model,
  }
}

/** Everything about an agent, to read and, where it is one's own, to change. */
export function AgentForm({ agent }: { readonly agent: Agent }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const tools = useQuery(toolsQuery)
  const [isChanged, setChanged] = useState(false)
  const save = useMutation({
    mutationFn: (draft: Partial<AgentDraft>) => client.agents.change(agent.id, draft),
    async onSuccess(changed) {
      setChanged(false)
      queries.setQueryData([...agentsQuery.queryKey, agent.id], changed)
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey, exact: true })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate(draftOf(new FormData(event.currentTarget)))
  }
  return (
    <>
      <form className="grid max-w-2xl gap-6" onSubmit={submit} onChange={() => setChanged(true)}>
        {agent.owned ? null : <p className="text-ink-soft">{t('agent.not_owned')}</p>}
        <fieldset disabled={!agent.owned} className="grid gap-6">
          <Field label={t('field.name')} name="name" defaultValue={agent.name} required maxLength={NAME_CHARACTERS} />
          <LongField
            label={t('agent.instructions')}
            name="instructions"
            defaultValue={agent.instructions}
            hint={t('agent.instructions_hint')}
          />
          <ModelField chosen={agent.model} />
          <Loaded query={tools} skeleton={<Skeletons count={2} className="h-32" />}>
            {(list) => <ToolChoice tools={list} chosen={agent.tools} onChange={() => setChanged(true)} />}
          </Loaded>
        </fieldset>
        {save.isError ? <Failure error={save.error} /> : null}
        <div className="flex flex-wrap items-center gap-3">
          {agent.owned ? (
            <Button type="submit" look="primary" busy={save.isPending} disabled={tools.data === undefined}>
              {t('save')}
            </Button>
          ) : null}
          <Link to="/chat" search={{ agent: agent.id }} className={buttonLook('quiet')}>
            {t('agents.chat')}
          </Link>
          <Saved isShown={save.isSuccess && !isChanged} />
        </div>
      </form>
      {agent.owned ? (
        <Suspense fallback={null}>
          <DeleteAgent agent={agent} />
        </Suspense>
      ) : null}
    </>
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

function ModelField({ chosen }: { readonly chosen: string | null }) {
  const { t } = useWords()
  const models = useQuery(modelsQuery)
  return (
    <Loaded query={models} skeleton={<Skeletons count={1} className="h-14" />}>
      {(list) => {
        const current = list.find(({ id, is_default: isDefault }) => (chosen === null ? isDefault : id === chosen))
        return (
          <FieldFrame
            label={t('agent.model')}
            hint={current?.is_llm === false ? `${t('router.badge')}. ${t('router.about')}` : undefined}
          >
            {(ids) => (
              <select {...ids} name="model" defaultValue={chosen ?? DEFAULT_MODEL} className={BOX_LOOK}>
                <option value={DEFAULT_MODEL}>{t('agent.default_model')}</option>
                {list.map((model) => (
                  <ModelOption key={model.id} model={model} />
                ))}
              </select>
            )}
          </FieldFrame>
        )
      }}
    </Loaded>
  )
}

function ModelOption({ model }: { readonly model: Model }) {
  const { t } = useWords()
  return <option value={model.id}>{model.is_llm ? model.name : t('router.badge')}</option>
}
