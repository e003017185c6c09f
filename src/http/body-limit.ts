import { AppError } from '../errors.ts'

/** The largest body of a request: some 50 times a large document with its variables. */
export const maxBodyBytes = 256 * 1_024

export function payloadTooLarge(maxBytes: number): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The body of a request may have ${maxBytes} bytes`)
}
