/** What of the canaries is shown on purpose, as docs/guides/secrets.md and the others say; and the commands that are asked. */

interface Holder {
  canary: string
  place: RegExp
  because: string
}

/** Where a canary may be, and must be, so that no line of this table outlives its reason. */
export const onPurpose: readonly Holder[] = [
  { canary: 'source', place: /running: file dispatch-data\/.*\.py$/, because: 'functions run on it' },
  { canary: 'setting', place: /command lines$/, because: 'drivers get their settings as arguments; the guide says so' },
  { canary: 'setting', place: /docker inspect of drivers$/, because: 'the same' },
  { canary: 'setting', place: /dispatch get eventdriver hub -o json$/, because: 'settings are shown' },
  { canary: 'setting', place: /dispatch describe eventdriver hub$/, because: 'the same' },
  { canary: 'hook', place: /docker inspect of drivers$/, because: 'drivers get their secrets as variables' },
  { canary: 'driverToken', place: /docker inspect of drivers$/, because: 'the same' },
  { canary: 'file', place: /dispatch get secret file --all$/, because: 'values were asked for' },
  { canary: 'literal', place: /dispatch get secret literal -o json$/, because: 'values were asked for' },
  { canary: 'token', place: /dispatch iam create token ci --quiet$/, because: 'it is shown this once' },
  { canary: 'session', place: /file cli\.json$/, because: 'a login is kept there, for its owner alone' },
  { canary: 'key', place: /file dispatch-data\.key$/, because: 'it is the key file' },
  { canary: 'data', place: /file dispatch\.db/, because: 'events are in clear' },
  { canary: 'data', place: /dispatch get event -o json$/, because: 'events are shown' },
  { canary: 'data', place: /dispatch get runs( reader)? -o json$/, because: 'runs are shown with their input' },
]

/** Whether what was found is what the holder tells of. */
export const isAbout =
  (line: string) =>
  ({ canary, place }: Holder): boolean =>
    line.startsWith(`${canary} in `) && place.test(line)

/** All that shows something, once everything has been used. */
export const commands = [
  ...['get secrets', 'get secret file', 'describe secret file', 'get secret file --all', 'get secret literal -o json'],
  ...['get functions', 'get function reader -o json', 'describe function reader', 'get runs', 'get runs -o json'],
  ...['logs reader', 'top -o json', 'get event -o json', 'get subscription -o json', 'describe eventdriver hub'],
  ...['get api -o json', 'describe api guarded', 'get base-image', 'describe base-image pulled', 'get image -o json'],
  ...['iam get users -o json', 'iam get tokens -o json', 'iam get policies -o json', 'iam get organizations -o json'],
  ...['get audit --all-organizations --limit 1000 -o json', 'get audit', 'audit verify', 'doctor', 'version'],
]
