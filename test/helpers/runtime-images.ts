/** The runtime images that `npm run runtimes` has loaded into Docker. */
import manifest from '../../package.json' with { type: 'json' }
import type { RuntimeImage } from '../../server/core/execution.ts'

export const runtimeImage = (language: string): RuntimeImage => ({
  dockerImage: `dispatch-solo/${language}:${manifest.version}`,
  language,
  contract: 'worker',
})
