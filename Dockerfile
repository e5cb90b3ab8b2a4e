# One image for worker and scheduler; docker-compose.yml says which.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's install script runs: none is needed.
RUN npm ci --omit=dev --ignore-scripts --loglevel=error

FROM node:24-bookworm-slim
ENV NODE_ENV=production DOCUMENTS_DIR=/documents OUT_DIR=/out DATA_DIR=/data
# Half as fast again as the Tesseract among the packages, and the only one with Breton.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-fra tesseract-ocr-bre \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY jobs ./jobs
COPY workers ./workers
COPY scripts ./scripts
# Named volumes take over the owner of the folder they are mounted on: without this they would belong to root.
RUN mkdir -p /documents /out /data && chown 10001:10001 /out /data
USER 10001:10001
CMD ["node", "workers/index.ts", "--worker"]
