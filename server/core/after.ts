/** Goes on with a value that may be there already: at once then, without the turn of the event loop that a promise takes. */
export const after = <T, Next>(
  value: T | Promise<T>,
  goOn: (value: T) => Next | Promise<Next>,
): Next | Promise<Next> => (value instanceof Promise ? value.then(goOn) : goOn(value))
