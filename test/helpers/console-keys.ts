/** Plays a reader at a console's pure half: keys, outcomes and time, without a terminal. */
import type { Key, KeyName } from '../../provisioning/console/keys.ts'
import { react } from '../../provisioning/console/reducer.ts'
import {
  createView,
  type Effect,
  type Event,
  type Outcome,
  type Shown,
  type View,
} from '../../provisioning/console/view.ts'

export interface Reader {
  /** Keys by name; text in pieces of one character. */
  press(...keys: (KeyName | { text: string })[]): void
  /** Ends what the last effect has begun. */
  end(outcome: Outcome): void
  /** Ends it as if it were the effect of an earlier page. */
  endLate(outcome: Outcome, ticket: number): void
  wait(ms: number): void
  tell(shown: Shown): void
  view(): View
  /** Effects since the last time it was asked. */
  effects(): readonly Effect[]
}

export function createReader(told: Shown, startMs: number): Reader {
  let shown = told
  let nowMs = startMs
  let view = createView(shown, nowMs)
  let effects: Effect[] = []
  const handle = (event: Event) => {
    const change = react(view, event, { shown, nowMs })
    view = change.view
    if (change.effect) effects.push(change.effect)
  }
  const keysOf = (key: KeyName | { text: string }): readonly Key[] =>
    typeof key === 'string' ? [{ kind: 'named', name: key }] : [...key.text].map(char => ({ kind: 'char', char }))
  return {
    press(...keys) {
      for (const key of keys.flatMap(keysOf)) handle({ kind: 'key', key })
    },
    end: outcome => handle({ kind: 'outcome', ticket: view.ticket, outcome }),
    endLate: (outcome, ticket) => handle({ kind: 'outcome', ticket, outcome }),
    wait(ms) {
      nowMs += ms
      handle({ kind: 'news' })
    },
    tell(news) {
      shown = news
      handle({ kind: 'news' })
    },
    view: () => view,
    effects() {
      const since = effects
      effects = []
      return since
    },
  }
}
