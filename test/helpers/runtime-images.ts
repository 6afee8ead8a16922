/** The runtime images that `npm run runtimes` has loaded into Docker. */
import manifest from '../../package.json' with { type: 'json' }

export const runtimeImage = (language: string) => ({
  dockerImage: `dispatch-solo/${language}:${manifest.version}`,
  language,
})
