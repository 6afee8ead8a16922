/** Every case of the original's suites, one test each: as it was, or as far as this version goes. */
import test from 'ava'
import { startStage, tell } from './stories/perform.ts'
import { apis } from './suites/apis.ts'
import { apply } from './suites/apply.ts'
import { cleanup } from './suites/building-blocks.ts'
import { events } from './suites/events.ts'
import { functions } from './suites/functions.ts'
import { images } from './suites/images.ts'
import { secrets } from './suites/secrets.ts'

const suites = { clean: [cleanup], secrets, images, functions, apis, events, apply }
const counts = { clean: 1, secrets: 10, images: 9, functions: 32, apis: 8, events: 6, apply: 6 }

startStage()
for (const [name, cases] of Object.entries(suites)) tell(name, cases)

test('no case of the original is left out', t => {
  t.deepEqual(Object.fromEntries(Object.entries(suites).map(([name, cases]) => [name, cases.length])), counts)
})
