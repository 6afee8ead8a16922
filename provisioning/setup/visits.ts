/** What is done for each request of the set-up page: look, review, claim, confirm, check. */
import type { SettingsAnswer } from '../appliance/control.ts'
import { type Agent, AgentSilent } from './agent.ts'
import {
  type Asked,
  answerClaim,
  answerConfirm,
  answerProblems,
  answerSilentClaim,
  answerState,
  type Drafted,
  type PageAnswer,
} from './answers.ts'
import type { DraftSeal } from './draft.ts'
import {
  type Entries,
  fillIn,
  findComplaints,
  type Problem,
  planMove,
  readEntries,
  toProblems,
  toValues,
  withoutSecrets,
} from './entries.ts'
import { type FormView, renderForm } from './pages/form.ts'
import type { View } from './pages/layout.ts'
import { renderReview } from './pages/review.ts'
import type { Given } from './read-form.ts'
import { createTrials } from './trials.ts'

export interface VisitOptions {
  readonly agent: Agent
  readonly seal: DraftSeal
  nowMs(): number
}

export interface Visits {
  look(asked: Asked): Promise<PageAnswer>
  /** A form of the page, by its button. */
  send(asked: Asked, given: Given): Promise<PageAnswer>
  confirm(asked: Asked, given: Given): Promise<PageAnswer>
  /** What would not be taken, while the form is still being filled in. */
  check(given: Given): Promise<readonly Problem[]>
}

/** What is filled in helps, and is not needed. */
const loadSettings = (agent: Agent): Promise<SettingsAnswer> =>
  agent.settings().catch(() => ({ values: {}, present: {} }))

export function createVisits({ agent, seal, nowMs }: VisitOptions): Visits {
  const trials = createTrials(nowMs)

  async function showForm(asked: Asked, shown: Partial<FormView> & { draft?: string } = {}): Promise<PageAnswer> {
    const status = await agent.status()
    trials.see(status)
    const stopped = answerState(asked, status, shown.draft)
    if (stopped) return stopped
    const { view } = asked
    const notice = shown.notice ?? (trials.hasGoneBack() ? view.say('problem.rolledBack') : undefined)
    const settings = await loadSettings(agent)
    const { entries = fillIn(settings) } = shown
    return { status: 200, html: renderForm(view, { ...shown, entries, present: settings.present, notice }) }
  }

  async function draft(view: View, entries: Entries): Promise<Drafted> {
    const settings = await loadSettings(agent)
    const moves = planMove(fillIn(settings), entries)
    return { entries, present: settings.present, draft: seal.seal(entries, view.token), moves }
  }

  async function review({ view }: Asked, given: Given): Promise<PageAnswer> {
    const entries = readEntries(given)
    const problems = toProblems(await agent.check(toValues(entries)), findComplaints(entries, true))
    if (problems.length > 0)
      return answerProblems(view, { entries, present: (await loadSettings(agent)).present }, problems)
    return { status: 200, html: renderReview(view, await draft(view, entries)) }
  }

  async function claim(asked: Asked, entries: Entries): Promise<PageAnswer> {
    const drafted = await draft(asked.view, entries)
    trials.forget()
    try {
      const reply = await agent.claim({ code: entries.code, from: asked.from, values: toValues(entries) })
      if ('answer' in reply && reply.answer.outcome === 'trial') trials.begin(reply.answer.untilMs)
      return answerClaim({ ...asked, nowMs: nowMs() }, reply, drafted)
    } catch (thrown) {
      if (thrown instanceof AgentSilent) return answerSilentClaim(asked, drafted)
      throw thrown
    }
  }

  function open(asked: Asked, given: Given): Entries | undefined {
    const entries = seal.open(given('draft') ?? '', asked.view.token)
    const code = given('code')
    return entries && code ? { ...entries, code } : entries
  }

  return {
    look: asked => showForm(asked),
    send: async (asked, given) => {
      const step = given('step') ?? 'review'
      if (step === 'review') return review(asked, given)
      const entries = open(asked, given)
      if (!entries) return showForm(asked, { notice: asked.view.say('problem.draft') })
      if (step === 'claim') return claim(asked, entries)
      return showForm(asked, {
        entries: withoutSecrets(entries),
        draft: seal.seal(entries, asked.view.token),
        remark: asked.view.say('form.secretsAgain'),
      })
    },
    confirm: async (asked, given) => {
      const { trial } = await agent.status()
      const reply = await agent.confirm({ code: given('code') ?? '', from: asked.from })
      return answerConfirm(asked, reply, trial?.untilMs ?? asked.nowMs)
    },
    check: async given => {
      const entries = readEntries(given)
      return toProblems(await agent.check(toValues(entries)), findComplaints(entries, false))
    },
  }
}
