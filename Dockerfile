# syntax=docker/dockerfile:1
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
RUN python3 -m venv /opt/mockserver
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY scenarios scenarios
RUN /opt/mockserver/bin/pip install --no-cache-dir .

FROM ${BASE}
LABEL org.opencontainers.image.title="mockserver" \
      org.opencontainers.image.description="A local stand-in for the OpenAI HTTP API with state and time" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --create-home mockserver \
 && mkdir -p /data && chown 10001 /data
COPY --from=build /opt/mockserver /opt/mockserver
USER 10001
ENV PATH=/opt/mockserver/bin:$PATH PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["mockserver", "health"]
# The address inside the container; publish it to loopback only: -p 127.0.0.1:8080:8080
ENTRYPOINT ["mockserver"]
CMD ["serve", "--host", "0.0.0.0", "--state", "/data"]
