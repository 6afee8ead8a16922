/** Suites are chosen by path on the command line; TypeScript runs natively on the pinned Node. */
export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts'],
  timeout: '3m',
  concurrency: 2,
  workerThreads: false,
}
