/** A configuration that the server cannot start with; the message is meant for the operator and complete in itself. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
