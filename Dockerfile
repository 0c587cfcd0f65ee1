# The command `vovcrawl` and what it needs; compose.yaml runs it beside a PostgreSQL, docs/deploying.md says how.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY vovcrawl vovcrawl
RUN python -m venv /opt/vovcrawl
# The versions that a checkout is tested with.
RUN /opt/vovcrawl/bin/python -m pip install --no-cache-dir --disable-pip-version-check -c requirements.txt ".[postgres,parquet,report,browse]"

FROM python:3.13-slim
# Of a fixed number, so that a folder of the machine can be given to it.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin vovcrawl \
 && install --directory --mode=0750 --owner=vovcrawl --group=vovcrawl /data
COPY --from=build /opt/vovcrawl /opt/vovcrawl
ENV PATH=/opt/vovcrawl/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
ENTRYPOINT ["vovcrawl"]
CMD ["crawl", "-a", "since=2d"]
