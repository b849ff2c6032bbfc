# Two images; a build makes only what its own needs.
# The standalone server: docker build --target server --tag thin-deployer-server .
# The Azure Functions app on the official host: docker build --tag thin-deployer .

# Ubuntu 24.04: its glibc (2.39) must not be newer than that of the image which runs the binary (Debian 13: 2.41).
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build-server
RUN apt-get update \
    && apt-get install --yes --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish src/ThinDeployer.Server --output /out -warnaserror

FROM debian:trixie-slim AS server
LABEL org.opencontainers.image.title="Thin Deployer" \
    org.opencontainers.image.description="Runs deployment commands when an authorised HTTP call asks for it" \
    org.opencontainers.image.licenses="MIT"
# libssl for https and signatures, util-linux (setsid) for every step and (setpriv) for run_as, the rest for commands.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates curl git libssl3t64 openssh-client tini tzdata util-linux \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home --shell /bin/sh deployer \
    && install --directory --owner=deployer --group=deployer --mode=700 /data \
    && chmod 755 /root
COPY --from=build-server /out/thin-deployer /usr/local/bin/

# The configuration is mounted to where the original's image had it; its user may enter that folder.
ENV THIN_DEPLOYER_CONFIGURATION=/root/.deployer.yml \
    THIN_DEPLOYER_DATA=/data
USER deployer
WORKDIR /home/deployer
VOLUME /data
EXPOSE 8012
# By the same variables as the server, so it follows another port, path, TLS, or a Unix socket.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["thin-deployer", "ping"]
# Ends what steps left behind, and hands SIGTERM on.
ENTRYPOINT ["tini", "--", "thin-deployer"]

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish src/ThinDeployer.Functions --output /home/site/wwwroot

# Last, and so what is built without a target.
FROM mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0
LABEL org.opencontainers.image.title="Thin Deployer for the Azure Functions host" \
    org.opencontainers.image.description="Runs deployment commands when an authorised HTTP call asks for it" \
    org.opencontainers.image.licenses="MIT"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl git openssh-client tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /home/site/wwwroot /home/site/wwwroot

# The configuration is mounted to where the original's image had it.
ENV AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    ASPNETCORE_URLS=http://+:8012 \
    FUNCTIONS_WORKER_PROCESS_COUNT=1 \
    THIN_DEPLOYER_CONFIGURATION=/root/.deployer.yml \
    THIN_DEPLOYER_DATA=/data
VOLUME /data
EXPOSE 8012
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD curl --fail --silent --output /dev/null http://127.0.0.1:8012/technical/live
