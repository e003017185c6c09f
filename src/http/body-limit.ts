import { AppError } from '../errors.ts'

export function payloadTooLarge(maxBytes: number): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The body of a request may have ${maxBytes} bytes`)
}
