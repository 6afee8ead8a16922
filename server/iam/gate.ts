/** The mode in which a request is let in by who it comes from, and by what policies say of whom. */
import type { Gate, Principal } from '../core/access.ts'
import { after } from '../core/after.ts'
import type { Authenticator } from './authenticate/authenticate.ts'
import type { Authorize } from './authorize.ts'

/** Who an event driver is shows its token, which the operation looks at itself. */
const stranger: Principal = { kind: 'driver', subject: '' }

export const createGate = ({ authenticate }: Pick<Authenticator, 'authenticate'>, authorize: Authorize): Gate => ({
  admit: asked => {
    if (asked.access === 'driver') return { principal: stranger, org: '' }
    return after(authenticate(asked), principal => {
      asked.identified?.(principal)
      return after(authorize(principal, asked), org => ({ principal, org }))
    })
  },
})
