/** A store whose entities rest sealed keeps the promises of the port for them. */
import test from 'ava'
import { kinds } from '../../../server/core/entity.ts'
import { createKey } from '../../../server/secrets/vault/key.ts'
import { createKeyRing } from '../../../server/secrets/vault/key-ring.ts'
import { createSealedStore } from '../../../server/secrets/vault/sealed-store.ts'
import { createMemoryStore } from '../../../server/store/memory.ts'
import { entityCases } from './entity-cases.ts'

const fields = Object.fromEntries(kinds.map(kind => [kind, { text: '', tags: null }]))

entityCases(test, async () =>
  createSealedStore({
    store: createMemoryStore(),
    fields,
    keys: createKeyRing([createKey()], { name: 'of the test' }),
  }),
)
