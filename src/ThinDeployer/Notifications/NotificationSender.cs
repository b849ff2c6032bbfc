using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;

namespace ThinDeployer.Notifications;

/// <summary>Tells the chat how deployments ended, one after the other, without holding anything up.</summary>
/// <param name="targetOf">Where a service's deployments are announced; null for nowhere.</param>
/// <param name="shutdownGrace">What waits at a shutdown is still sent within this time.</param>
internal sealed partial class NotificationSender(
    Func<string, NotificationTarget?> targetOf,
    TimeSpan shutdownGrace,
    TimeProvider time,
    ILogger<NotificationSender> logger
) : IDeploymentListener, IHostedService, IAsyncDisposable
{
    /// <summary>Messages that may wait while a chat is slow; further ones are dropped, and the log says so.</summary>
    private const int MaximumWaiting = 256;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(
        new BoundedChannelOptions(MaximumWaiting) { SingleReader = true }
    );

    // A redirect could lead a message, with all its output, to anywhere.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    public void Ended(Deployment deployment, DeploymentResult result)
    {
        var service = deployment.Service;
        if (targetOf(service) is not { } target)
        {
            return;
        }

        var notification = new Notification(service, target, result, deployment.HoldLog());
        if (!_waiting.Writer.TryWrite(notification))
        {
            notification.HeldLog.Dispose();
            Log.Failed(logger, service, target, "too many wait already");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sending = SendAllAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Writer.TryComplete())
        {
            _stop.CancelAfter(shutdownGrace);
        }

        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        // A host whose start failed never told it to stop.
        await StopAsync(CancellationToken.None);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var notification in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (await SendAsync(notification) is { } failure)
            {
                Log.Failed(logger, notification.Service, notification.Target, failure);
            }
        }
    }

    /// <summary>Null when it was taken, else why not, without the address.</summary>
    private async Task<string?> SendAsync(Notification notification)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, notification.Target.WebhookUrl);
        using (notification.HeldLog)
        {
            request.Content = new ByteArrayContent(
                JsonSerializer.SerializeToUtf8Bytes(
                    notification.ToMessage(),
                    NotificationJson.Default.NotificationMessage
                )
            );
        }

        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError is HttpRequestError.Unknown
                ? "it can't be reached"
                : exception.HttpRequestError.ToString();
        }
        catch (OperationCanceledException)
        {
            return "it did not answer in time";
        }
#pragma warning disable CA1031 // One message that can't be sent must not end the sending of all others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.GetType().Name;
        }
    }

    private sealed record Notification(
        string Service,
        NotificationTarget Target,
        DeploymentResult Result,
        IDisposable HeldLog
    )
    {
        internal NotificationMessage ToMessage()
        {
            var (output, isCut) = LogReader.Tail(Result.Log, NotificationMessage.MaximumCharacters);
            var succeeded = Result.Status is DeploymentStatus.Succeeded;
            return NotificationMessage.Of(Service, succeeded, Result.Entry.FailedHook, output, isCut, Target.Group);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The notification of {Service} to {Target} failed: {Reason}")]
        internal static partial void Failed(ILogger logger, string service, NotificationTarget target, string reason);
    }
}
