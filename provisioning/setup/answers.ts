/** Which page answers what the agent says: of itself, of a claim, and of a confirmation. */
import { html } from '../../server/ui/html.ts'
import type { ClaimAnswer, Claimed, Refusal, Trial } from '../appliance/control.ts'
import type { Status } from '../appliance/status.ts'
import type { Values } from '../firstboot/settings.ts'
import { type Entries, type Move, toProblems, withoutSecrets } from './entries.ts'
import { renderDone } from './pages/done.ts'
import { renderForm } from './pages/form.ts'
import { actionTo, type View } from './pages/layout.ts'
import { type ConfirmView, renderConfirm, renderTrial } from './pages/network.ts'
import { type ReviewView, renderReview } from './pages/review.ts'
import { renderClaimed, renderOver, renderRolledBack, renderStarting } from './pages/states.ts'

export interface PageAnswer {
  readonly status: number
  readonly html: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What was asked, and by whom. */
export interface Asked {
  readonly view: View
  /** Of the request; it is shown only where the agent names it too. */
  readonly host: string | undefined
  /** Each of them has their own tries. */
  readonly from: string
  readonly nowMs: number
}

export interface Entered {
  readonly entries: Entries
  readonly present: Values
}

export interface Drafted extends Entered {
  readonly draft: string
  readonly moves: Move | undefined
}

type Trouble = NonNullable<ReviewView['trouble']>

const secondsUntil = (untilMs: number, nowMs: number): number => Math.max(0, Math.ceil((untilMs - nowMs) / 1000))

export const answerSilence = (view: View): PageAnswer => ({
  status: 503,
  html: renderStarting(view),
  headers: { 'retry-after': '5' },
})

/** undefined: the form may be shown. */
export function answerState({ view, nowMs }: Asked, status: Status, draft?: string): PageAnswer | undefined {
  const { trial, setup, state } = status
  if (trial) return { status: 200, html: renderConfirm(view, { secondsLeft: secondsUntil(trial.untilMs, nowMs) }) }
  if (state === 'booting' || state === 'resetting') return answerSilence(view)
  if (!setup) return { status: 409, html: renderClaimed(view) }
  return setup.isOpen ? undefined : { status: 410, html: renderOver(view, draft) }
}

/** It is the last answer over its connection: the next one leads to the gateway. */
function answerDone({ view, host }: Asked, claimed: Claimed): PageAnswer {
  const [first = host ?? 'localhost'] = claimed.hosts
  const reached = host !== undefined && claimed.hosts.includes(host) ? host : first
  return { status: 200, html: renderDone(view, { ...claimed, host: reached }), headers: { connection: 'close' } }
}

const answerTrial = ({ view, nowMs }: Asked, { addresses, untilMs }: Trial, { draft }: Drafted): PageAnswer => ({
  status: 200,
  html: renderTrial(view, { addresses, draft, secondsLeft: secondsUntil(untilMs, nowMs) }),
})

const waitTrouble = ({ say }: View, seconds: number): Trouble => ({
  text: '',
  detail: html`<p>${say('problem.wait')} <strong data-seconds="${seconds}">${say('problem.seconds', { seconds })}</strong>.</p>`,
})

const failTrouble = ({ say }: View, { message }: Refusal): Trouble => ({
  text: say('problem.failed'),
  detail: html`<p lang="en">${message}</p>`,
})

const wrongCode = [{ field: 'code', complaint: 'code.wrong' }] as const
const pauseSeconds = 60

export function answerClaim(
  asked: Asked,
  reply: { answer: ClaimAnswer } | { refusal: Refusal },
  drafted: Drafted,
): PageAnswer {
  if ('answer' in reply)
    return reply.answer.outcome === 'claimed'
      ? answerDone(asked, reply.answer)
      : answerTrial(asked, reply.answer, drafted)
  return refuseClaim(asked, reply.refusal, drafted)
}

function refuseClaim({ view }: Asked, refusal: Refusal, drafted: Drafted): PageAnswer {
  const review = (status: number, more: Partial<ReviewView>): PageAnswer => ({
    status,
    html: renderReview(view, { ...drafted, ...more }),
  })
  const { waitSeconds = pauseSeconds, faults = [] } = refusal
  switch (refusal.reason) {
    case 'wrong-code':
      return review(403, { trouble: { text: '' }, asksCode: true, problems: wrongCode })
    case 'too-many-codes':
      return {
        ...review(429, { trouble: waitTrouble(view, waitSeconds), asksCode: true }),
        headers: { 'retry-after': String(waitSeconds) },
      }
    case 'claim-under-way':
      return review(409, { trouble: { text: view.say('problem.underWay') } })
    case 'faults':
      return answerProblems(view, drafted, toProblems(faults))
    case 'claimed':
      return { status: 409, html: renderClaimed(view) }
    case 'window-over':
      return { status: 410, html: renderOver(view, drafted.draft) }
    default:
      return review(500, { trouble: failTrouble(view, refusal) })
  }
}

export const answerProblems = (
  view: View,
  { entries, present }: Entered,
  problems: ReturnType<typeof toProblems>,
): PageAnswer => ({
  status: 422,
  html: renderForm(view, { entries: withoutSecrets(entries), present, problems, hasLostSecrets: true }),
})

/** Nothing that was entered is lost, secrets neither: they are in the draft. */
export const answerSilentClaim = ({ view }: Asked, drafted: Drafted): PageAnswer => ({
  status: 504,
  html: renderReview(view, {
    ...drafted,
    trouble: { title: view.say('problem.silent.title'), text: view.say('problem.silent') },
  }),
})

const isClaimed = (answer: Partial<Claimed>): answer is Claimed => answer.outcome === 'claimed'

/** The page as it is now. */
const answerElsewhere = ({ view }: Asked): PageAnswer => ({
  status: 303,
  html: '',
  headers: { location: actionTo('/', view) },
})

export function answerConfirm(
  asked: Asked,
  reply: { answer: Partial<Claimed> } | { refusal: Refusal },
  untilMs: number,
): PageAnswer {
  // Who tries a network on the console claims nothing by it.
  if ('answer' in reply) return isClaimed(reply.answer) ? answerDone(asked, reply.answer) : answerElsewhere(asked)
  const { view, nowMs } = asked
  const { refusal } = reply
  const confirm = (status: number, more: Partial<ConfirmView>): PageAnswer => ({
    status,
    html: renderConfirm(view, { secondsLeft: secondsUntil(untilMs, nowMs), ...more }),
  })
  const { waitSeconds = pauseSeconds } = refusal
  switch (refusal.reason) {
    case 'wrong-code':
      return confirm(403, { trouble: { text: '' }, problems: wrongCode })
    case 'too-many-codes':
      return {
        ...confirm(429, { trouble: waitTrouble(view, waitSeconds) }),
        headers: { 'retry-after': String(waitSeconds) },
      }
    case 'claim-under-way':
      return confirm(409, { trouble: { text: view.say('problem.underWay') } })
    case 'claimed':
      return { status: 409, html: renderClaimed(view) }
    case 'window-over':
      return { status: 410, html: renderOver(view) }
    case 'no-trial':
      return { status: 409, html: renderRolledBack(view) }
    default:
      return confirm(500, { trouble: failTrouble(view, refusal) })
  }
}
