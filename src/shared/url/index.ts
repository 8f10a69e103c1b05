export { canonicalizeUrl } from './canonicalize.ts';
export { areOnOneSite, registrableDomain, sameSite } from './site.ts';
