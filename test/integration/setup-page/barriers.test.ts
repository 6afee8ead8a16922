/** Every state of the set-up page is without barriers, fits a small screen, and is photographed: light and dark, wide and narrow. */
import test from 'ava'
import { findBarriers, isWiderThanScreen, photograph, startSetupStage, watchProblems } from './stage.ts'
import { states } from './states.ts'

const looks = [
  { name: 'light-wide-en', colorScheme: 'light', width: 1280, locale: 'en-US' },
  { name: 'dark-wide-de', colorScheme: 'dark', width: 1280, locale: 'de-DE' },
  { name: 'light-narrow-de', colorScheme: 'light', width: 320, locale: 'de-DE' },
  { name: 'dark-narrow-en', colorScheme: 'dark', width: 320, locale: 'en-US' },
] as const

for (const { name: look, width, ...options } of looks)
  test.serial(`no barrier in any state: ${look}`, async t => {
    t.timeout(600_000)
    const stage = await startSetupStage(t)
    const page = await stage.open({ ...options, viewport: { width, height: 800 } })
    const problems = watchProblems(page)
    for (const { name, reach } of states) {
      await reach(page, stage)
      await photograph(page, `${name}-${look}`)
      t.deepEqual(await findBarriers(page), [], name)
      t.false(await isWiderThanScreen(page), `${name} is wider than the screen`)
    }
    t.deepEqual(problems, [])
  })
