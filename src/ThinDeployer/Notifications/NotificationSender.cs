using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Notifications;

/// <summary>
/// Tells the chats how deployments ended, each chat one after the other, without holding anything up: neither a
/// deployment, nor another chat.
/// </summary>
/// <param name="targetOf">Where a deployment is announced; null for nowhere.</param>
/// <param name="shutdownGrace">What waits at a shutdown is still sent within this time.</param>
internal sealed partial class NotificationSender(
    Func<Deployment, NotificationTarget?> targetOf,
    TimeSpan shutdownGrace,
    TimeProvider time,
    ILogger<NotificationSender> logger
) : IDeploymentListener, IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>By URL; one that has nothing to send is forgotten, so there are no more than chats that are configured.</summary>
    private readonly Dictionary<Uri, (NotificationLane<Notification> Lane, Task Sending)> _lanes = [];

    // A redirect could lead a message, with all its output, to anywhere.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource _stop = new();
    private bool _isStopping;

    public void Ended(Deployment deployment, DeploymentResult result)
    {
        if (result.Entry.StartedAt is null || targetOf(deployment) is not { } target)
        {
            return;
        }

        var notification = new Notification(deployment.Service, target, result, deployment.HoldOutput());
        if (!TryAdd(notification))
        {
            // What is dropped is counted, and told as soon as the chat has taken one.
            notification.HeldOutput.Dispose();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] sending;
        lock (_lock)
        {
            if (!_isStopping)
            {
                _isStopping = true;
                _stop.CancelAfter(shutdownGrace);
            }

            sending = [.. _lanes.Values.Select(lane => lane.Sending)];
        }

        await Task.WhenAll(sending);
    }

    public async ValueTask DisposeAsync()
    {
        // A host whose start failed never told it to stop.
        await StopAsync(CancellationToken.None);
        _client.Dispose();
        _stop.Dispose();
    }

    private bool TryAdd(Notification notification)
    {
        var url = notification.Target.WebhookUrl;
        lock (_lock)
        {
            if (_isStopping)
            {
                Log.Failed(logger, notification.Service, notification.Target, "the server ends");
                return false;
            }

            if (_lanes.TryGetValue(url, out var known))
            {
                return known.Lane.TryAdd(notification);
            }

            var lane = new NotificationLane<Notification>();
            lane.TryAdd(notification);
            _lanes.Add(url, (lane, Task.Run(() => SendAllAsync(lane, notification.Target), CancellationToken.None)));
            return true;
        }
    }

    private async Task SendAllAsync(NotificationLane<Notification> lane, NotificationTarget target)
    {
        while (Next(lane, target) is { } notification)
        {
            if (await SendAsync(notification) is { } failure)
            {
                Log.Failed(logger, notification.Service, notification.Target, failure);
            }
        }
    }

    /// <summary>Null when there is none; the lane is forgotten then.</summary>
    private Notification? Next(NotificationLane<Notification> lane, NotificationTarget target)
    {
        Notification? next;
        int dropped;
        lock (_lock)
        {
            if (!lane.TryTake(out next, out dropped))
            {
                _lanes.Remove(target.WebhookUrl);
            }
        }

        if (dropped > 0)
        {
            Log.Dropped(logger, dropped, target, NotificationLane<Notification>.MaximumWaiting);
        }

        return next;
    }

    /// <summary>Null when it was taken, else why not, without the address.</summary>
    private async Task<string?> SendAsync(Notification notification)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, notification.Target.WebhookUrl);
        using (notification.HeldOutput)
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
        IDisposable HeldOutput
    )
    {
        internal NotificationMessage ToMessage()
        {
            var (output, isCut) = OutputReader.Tail(Result.Output, NotificationMessage.MaximumCharacters);
            var succeeded = Result.Status is DeploymentStatus.Succeeded;
            return NotificationMessage.Of(Service, succeeded, Result.Entry.FailedHook, output, isCut, Target.Group);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The notification of {Service} to {Target} failed: {Reason}")]
        internal static partial void Failed(ILogger logger, string service, NotificationTarget target, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "{Count} notifications to {Target} were dropped, because {Maximum} waited for it already"
        )]
        internal static partial void Dropped(ILogger logger, int count, NotificationTarget target, int maximum);
    }
}
