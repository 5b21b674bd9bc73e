import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { TemplateList } from '../agents/template-list.tsx'
import { connectionsQuery, providersQuery } from '../api.ts'
import { ConnectDialog } from '../connections/connect-dialog.tsx'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'

/** The way from an empty house to the first answer. */
export function FirstSteps() {
  const { t } = useWords()
  const navigate = useNavigate()
  const connections = useQuery(connectionsQuery)
  const providers = useQuery(providersQuery)
  const [opened, setOpened] = useState<string | null>(null)
  const chosen = providers.data?.find(({ id }) => id === opened)
  const isConnected = (connections.data?.length ?? 0) > 0
  return (
    <div className="grid gap-6 pb-8">
      <p className="text-ink-soft">{t('first.lede')}</p>
      <ol className="grid gap-6">
        <Step number={1} title={t('first.connect')} isDone={isConnected}>
          <Loaded query={providers} skeleton={<Skeletons count={1} className="h-9" />}>
            {(list) => (
              <div className="flex flex-wrap gap-2">
                {list.map((provider) => (
                  <Button
                    key={provider.id}
                    look={isConnected ? 'quiet' : 'primary'}
                    onClick={() => setOpened(provider.id)}
                  >
                    {t('connections.connect', { name: provider.name })}
                  </Button>
                ))}
              </div>
            )}
          </Loaded>
        </Step>
        <Step number={2} title={t('first.agent')} isDone={false}>
          <TemplateList
            isNext={isConnected}
            onCreated={(agent) => navigate({ to: '/chat', search: { agent: agent.id } })}
          />
        </Step>
        <Step number={3} title={t('first.ask')} isDone={false}>
          <p className="text-ink-soft">{t('first.ask_text')}</p>
        </Step>
      </ol>
      {chosen === undefined ? null : (
        <ConnectDialog provider={chosen} onClose={() => setOpened(null)} onConnected={() => undefined} />
      )}
    </div>
  )
}

interface StepProps {
  readonly number: number
  readonly title: string
  readonly isDone: boolean
  readonly children: ReactNode
}

function Step({ number, title, isDone, children }: StepProps) {
  const { t } = useWords()
  return (
    <li className="grid gap-3">
      <h2 className="flex items-center gap-2 text-lg">
        {isDone ? (
          <>
            <CircleCheck size={24} strokeWidth={1.5} className="text-good" aria-hidden />
            <span className="sr-only">{t('first.done')}: </span>
          </>
        ) : (
          <span aria-hidden className="grid size-6 place-items-center rounded-full border border-edge text-sm">
            {number}
          </span>
        )}
        {title}
      </h2>
      <div className="pl-8">{children}</div>
    </li>
  )
}
