/** What each kind of credential has to give: whether one is of the kind, and whom it proves. */
import type { Principal } from '../../core/access.ts'

export interface Proven {
  principal: Principal
  /** Unix time from which the credential has to be looked at again. */
  untilMs: number
}

export interface Proof {
  /** By its form alone. */
  fits(credential: string): boolean
  /** undefined, or the DispatchError that says more, when it proves nobody. */
  prove(credential: string): Promise<Proven | undefined>
}
