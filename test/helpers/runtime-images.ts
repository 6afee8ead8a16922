/** The runtime images that `npm run runtimes` has loaded into Docker. */
import type { TestFn } from 'ava'
import manifest from '../../package.json' with { type: 'json' }
import type { RuntimeImage } from '../../server/core/execution.ts'

export const runtimeImage = (language: string): RuntimeImage => ({
  dockerImage: `dispatch-solo/${language}:${manifest.version}`,
  language,
  contract: 'worker',
})

/** PowerShell itself is fetched by whoever wants its image. */
const optional = ['powershell']

/** In place of the tests of a language whose image Docker has not: fails unless it may be absent. */
export function testAbsent(test: TestFn, language: string): void {
  const { dockerImage } = runtimeImage(language)
  test(`${language}: not run, Docker has no ${dockerImage}`, t => t.true(optional.includes(language)))
}
