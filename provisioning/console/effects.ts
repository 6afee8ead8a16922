/** What the console asks of the agent, and how the agent's answers come back. */
import type { Refusal, SettingsChanged } from '../appliance/control.ts'
import type { Values } from '../firstboot/settings.ts'
import type { Effect, Outcome } from './view.ts'

/** Each rejects with a message for people when it fails. */
export interface Actions {
  /** Of the account that is shown: root, or admin where root is locked. */
  verifyPassword(text: string): Promise<boolean>
  /** What is running; of it `network.ip0`, `network.netmask0`, `network.gateway` and `network.DNS` are looked at. */
  loadNetwork(): Promise<Values>
  /** All four keys; empty text takes a setting back. Resolves when the trial has begun, or nothing was changed. */
  changeNetwork(values: Values): Promise<SettingsChanged | Refusal>
  keepNetwork(): Promise<void>
  reopenSetup(): Promise<void>
  /** Resolves as soon as the reboot has been asked for. */
  reboot(): Promise<void>
  shutDown(): Promise<void>
  /** Switches to tty2, where logind starts a login. */
  logIn(): Promise<void>
}

/** Never rejects. */
export async function perform(effect: Effect, actions: Actions): Promise<Outcome> {
  try {
    return await run(effect, actions)
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

async function run(effect: Effect, actions: Actions): Promise<Outcome> {
  switch (effect.kind) {
    case 'verify-password':
      return { kind: 'password', isRight: await actions.verifyPassword(effect.text) }
    case 'load-network':
      return { kind: 'network-loaded', values: await actions.loadNetwork() }
    case 'change-network':
      return { kind: 'network-answered', answer: await actions.changeNetwork(effect.values) }
    case 'keep-network':
      return done(actions.keepNetwork())
    case 'reopen-setup':
      return done(actions.reopenSetup())
    case 'reboot':
      return done(actions.reboot())
    case 'shut-down':
      return done(actions.shutDown())
    case 'log-in':
      return done(actions.logIn())
  }
}

const done = async (ended: Promise<void>): Promise<Outcome> => {
  await ended
  return { kind: 'done' }
}
