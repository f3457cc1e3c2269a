export { encodePath, parseQuery, type QueryPair, type Signer, UNSIGNED_PAYLOAD } from './aws/sigv4.ts'
export type { SignedRequest, SigV4Refusal } from './aws/sigv4-claim.ts'
export { presign, signHeaders, type ToSign } from './aws/sigv4-sign.ts'
export { type Verified, verifySigV4 } from './aws/sigv4-verify.ts'
