/** A credential that was sent and is not good. Who sends none is anonymous; who sends a bad one is told so, never served as anonymous. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
  readonly reason: 'MALFORMED' | 'FORGED' | 'EXPIRED' | 'REVOKED';

  constructor(reason: InvalidToken['reason']) {
    super(`the credential is not valid: ${reason.toLowerCase()}`);
    this.reason = reason;
  }
}
