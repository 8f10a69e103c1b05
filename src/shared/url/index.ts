export { canonicalizeUrl } from './canonicalize.ts';
export { registrableDomain, sameSite } from './site.ts';
