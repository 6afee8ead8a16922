/** The bases that an appliance can be baked on, by the names that `npm run ova -- --base` takes. */
import type { Base } from './base.ts'
import { debian } from './debian.ts'
import { photon } from './photon.ts'
import { ubuntu } from './ubuntu.ts'

export const bases = { debian, ubuntu, photon } satisfies Readonly<Record<string, Base>>
