# An image with the program and git, which --against-git needs.
#
#   docker build -t cloudfront-lint .
#   docker run --rm -v "$PWD:/work:ro" cloudfront-lint check cdn/

FROM rust:1.88-alpine AS build
WORKDIR /src
COPY . .
RUN cargo install --locked --path . --root /out

FROM alpine:3.22
# Git of this release of Alpine, whichever is current: nothing depends on its version.
# hadolint ignore=DL3018
RUN apk add --no-cache git \
    # What is mounted belongs to somebody else.
    && git config --system --add safe.directory '*' \
    && adduser -D -H -u 1000 lint
COPY --from=build /out/bin/cloudfront-lint /usr/local/bin/
USER 1000
WORKDIR /work
ENTRYPOINT ["cloudfront-lint"]
CMD ["check"]
