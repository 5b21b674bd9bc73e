import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Instance } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { instanceQuery } from './queries.ts'

/** Milliseconds between two looks while the page is open. */
const LOOK_MS = 15_000

const JOB_WORDS: Readonly<Record<string, WordKey | undefined>> = {
  recover_runs: 'health.job_recover_runs',
  renew_connections: 'health.job_renew_connections',
  test_connections: 'health.job_test_connections',
}

const ADVICE_WORDS: Readonly<Record<Instance['advice'][number]['code'], WordKey>> = {
  exposed: 'advice.exposed',
  not_https: 'advice.not_https',
  limits_alone: 'advice.limits_alone',
  provider_redirected: 'advice.provider_redirected',
}

const LIMIT_WORDS: Readonly<Record<string, WordKey | undefined>> = {
  CHAVEIRO_REQUESTS_PER_MINUTE: 'limit.requests',
  CHAVEIRO_TOOL_CALLS_PER_MINUTE: 'limit.tool_calls',
  CHAVEIRO_CONCURRENT_TOOL_CALLS: 'limit.concurrent_tool_calls',
  CHAVEIRO_CONNECTS_PER_MINUTE: 'limit.connects',
  CHAVEIRO_TOKEN_FAILURES_PER_MINUTE: 'limit.token_failures',
  CHAVEIRO_RUN_STEPS: 'limit.run_steps',
  CHAVEIRO_RUN_TOKENS: 'limit.run_tokens',
  CHAVEIRO_RUN_SECONDS: 'limit.run_seconds',
  CHAVEIRO_RUNS_PER_USER: 'limit.runs',
}

/** How the server is at this moment, and the limits in force. */
export function Health() {
  const instance = useQuery({ ...instanceQuery, refetchInterval: LOOK_MS })
  return (
    <Loaded query={instance} skeleton={<Skeletons count={3} className="h-32" />}>
      {(value) => (
        <>
          <State instance={value} />
          <Jobs jobs={value.jobs} />
          <AdviceList advice={value.advice} />
          <Limits instance={value} />
        </>
      )}
    </Loaded>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-2.5">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 break-all">{children}</dd>
    </div>
  )
}

const FACTS = 'divide-y divide-line rounded-card border border-line bg-surface'

function State({ instance }: { readonly instance: Instance }) {
  const { t, language } = useWords()
  const { engine, answered_in_ms: answered, servers } = instance.database
  const milliseconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' }).format(answered)
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('health.title')}</h2>
      <dl className={FACTS}>
        <Fact name={t('health.database')}>
          <Badge
            icon={CircleCheck}
            tone="good"
            text={t(engine === 'pglite' ? 'health.embedded' : 'health.postgres', { time: milliseconds })}
          />
        </Fact>
        <Fact name={t('health.servers')}>{new Intl.NumberFormat(language).format(servers)}</Fact>
        <Fact name={t('health.started')}>
          <When iso={instance.started_at} />
        </Fact>
        <Fact name={t('health.version')}>
          Chaveiro {instance.version} · Node {instance.node_version.replace(/^v/, '')}
        </Fact>
        <Fact name={t('health.address')}>{instance.public_url}</Fact>
        <Fact name={t('health.mode')}>{t(instance.production ? 'health.production' : 'health.development')}</Fact>
      </dl>
    </section>
  )
}

function Jobs({ jobs }: Pick<Instance, 'jobs'>) {
  const { t } = useWords()
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('health.jobs')}</h2>
      <dl className={FACTS}>
        {jobs.map(({ job, ended_at: ended, succeeded }) => {
          const word = JOB_WORDS[job]
          return (
            <Fact key={job} name={word === undefined ? job : t(word)}>
              <span className="flex flex-wrap items-center gap-3">
                <Badge
                  icon={succeeded ? CircleCheck : CircleAlert}
                  tone={succeeded ? 'good' : 'bad'}
                  text={t(succeeded ? 'outcome.success' : 'outcome.failure')}
                />
                <When iso={ended} />
              </span>
            </Fact>
          )
        })}
      </dl>
    </section>
  )
}

function AdviceList({ advice }: Pick<Instance, 'advice'>) {
  const { t } = useWords()
  if (advice.length === 0) return null
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('advice.title')}</h2>
      <ul className="grid gap-2">
        {advice.map(({ code, detail }) => (
          <li key={detail} className="flex gap-2 rounded-card border border-warn p-3">
            <TriangleAlert size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-warn" />
            <span className="grid min-w-0 gap-1">
              {t(ADVICE_WORDS[code])}
              <span lang="en" className="break-words text-sm text-ink-soft">
                {detail}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Limits({ instance: { limits, limits_store: store } }: { readonly instance: Instance }) {
  const { t, language } = useWords()
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('limit.title')}</h2>
      <p className="max-w-prose text-ink-soft">{t(store === 'memory' ? 'limit.alone' : 'limit.shared')}</p>
      <dl className={FACTS}>
        {limits.map(({ setting, value }) => {
          const word = LIMIT_WORDS[setting]
          return (
            <Fact key={setting} name={word === undefined ? setting : t(word)}>
              <span className="flex flex-wrap items-baseline justify-end gap-x-3">
                <code className="font-mono text-xs text-ink-soft">{setting}</code>
                {new Intl.NumberFormat(language).format(value)}
              </span>
            </Fact>
          )
        })}
      </dl>
    </section>
  )
}
