/** Owns the exit codes of `dispatch`. Any other than 0 and 1 needs a command or a flag that promises it. */
export const exitCodes = {
  success: {
    code: 0,
    meaning: 'It was done. A run that ended in `ERROR` counts as done for `exec`, unless `--fail` is given.',
  },
  failure: {
    code: 1,
    meaning:
      'It was not done, or not all of it; stderr says why. Wrong command lines and interruptions end so too; `dev`, `top` and `logs --follow` are meant to be interrupted, and end with 0 then.',
  },
  failedRun: {
    code: 3,
    meaning: 'The run ended in `ERROR`: from `run`, and from `exec --fail`.',
  },
} as const
