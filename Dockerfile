# The Azure Functions app on the official host. Build: docker build --tag thin-deployer .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish src/ThinDeployer.Functions --output /home/site/wwwroot

FROM mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl git openssh-client \
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
