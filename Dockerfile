# Khabar in one image: every role runs from it, chosen by KHABAR_ROLES.

FROM node:22-bookworm-slim AS build
WORKDIR /khabar
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /khabar
COPY --from=build /khabar/node_modules ./node_modules
COPY --from=build /khabar/dist ./dist
COPY package.json LICENSE NOTICE ./
COPY data ./data
# So that `docker compose exec dashboard khabar feeds add URL` reads as it does elsewhere.
RUN chmod 755 dist/main.js && ln -s /khabar/dist/main.js /usr/local/bin/khabar
USER node
EXPOSE 8080
# /healthz answers while the event loop turns; behind a token it wants the token like every other page.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "\
fetch(`http://127.0.0.1:${process.env.KHABAR_PORT || 8080}/healthz`, \
  { headers: { authorization: `Bearer ${process.env.KHABAR_TOKEN}` } }) \
  .then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "start"]
