using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Chains;

/// <summary>
/// Deploys what follows a success. What is due is on disk with the end that it follows, and goes from there together with the
/// acceptance that it becomes: a crash neither loses a link nor follows it twice.
/// </summary>
/// <param name="serviceOf">Null for one that is not configured; the whole answer is null while the configuration can't be used.</param>
internal sealed partial class ChainRunner(
    EngineRoom room,
    Intake intake,
    Func<string, (DeploymentPlan Plan, VariableSet? Variables)?> serviceOf,
    AuditTrail audit,
    TimeProvider time,
    ILogger<ChainRunner> logger
) : BackgroundService, IDeploymentListener
{
    /// <summary>What a deployment of a chain has in place of an HTTP method.</summary>
    internal const string Method = "CHAIN";

    /// <summary>While the record is closed, or can't be written.</summary>
    private static readonly TimeSpan ClosedPause = TimeSpan.FromSeconds(1);

    /// <summary>Many wishes to look at once are one.</summary>
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ended(Deployment deployment, DeploymentResult result)
    {
        if (result.Entry.Follows.Count > 0)
        {
            _wishes.Writer.TryWrite(true);
        }
    }

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(
            _ => _wishes.Writer.TryWrite(true),
            state: null,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            while (await _wishes.Reader.ReadAsync(stoppingToken))
            {
                if (!await LookAsync())
                {
                    timer.Change(ClosedPause, Timeout.InfiniteTimeSpan);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is due stays on disk.
        }
    }

    /// <returns>Whether nothing is left.</returns>
    private async Task<bool> LookAsync()
    {
        if (room.Open is not { Record: var record })
        {
            return false;
        }

        var isAllDone = true;
        try
        {
            foreach (var link in record.DueLinks())
            {
                isAllDone &= await FollowAsync(record, link);
            }
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself.
            return false;
        }
#pragma warning disable CA1031 // Whatever it is, the next look may be better.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, exception);
            return false;
        }

        return isAllDone;
    }

    private async Task<bool> FollowAsync(IDeploymentRecord record, ChainLink link)
    {
        if (record.Find(link.After) is not { } before)
        {
            return await DropAsync(record, link, "the deployment before it is gone from the record");
        }

        if (serviceOf(link.Service) is not var (plan, variables))
        {
            return await DropAsync(record, link, "there is no such service any more");
        }

        var (values, complaint) = PassedValues.Of(before.Values, variables, plan.Takes);
        if (complaint is not null)
        {
            return await DropAsync(record, link, plan.Secrets.Masked(complaint));
        }

        var trigger = before.Trigger with
        {
            Address = null,
            Method = Method,
            DeliveryId = null,
            ForgeDeployment = null,
            RollbackTo = null,
            OnMachine = null,
            After = before.Id,
            TraceParent = null,
            TraceLink = DeploymentTrace.Of(before).Own,
        };
        var call = new DeploymentCall(trigger, values, DeploymentOrigin.None with { Follows = link });
        switch (await intake.TakeAsync(Admission.ByChain(link.Service, before.Trigger.Who), plan, call))
        {
            case QueueAnswer.Accepted(var deployment):
                Note(AuditResult.Accepted, deployment.Accepted.Trigger.Who, link, deployment.Id, reason: null);
                return true;
            case QueueAnswer.Closed:
            case QueueAnswer.NotSaved:
                return false;
            case var refused:
                return await DropAsync(record, link, refused.Decision ?? "refused");
        }
    }

    private async Task<bool> DropAsync(IDeploymentRecord record, ChainLink link, string reason)
    {
        await record.DropLinkAsync(link);
        Note(AuditResult.Refused, who: null, link, deployment: null, reason);
        Log.Dropped(logger, link.After, link.Service, reason);
        return true;
    }

    private void Note(string result, string? who, ChainLink link, string? deployment, string? reason) =>
        audit.Note(
            new AuditEntry(AuditAction.Deploy, result)
            {
                Who = who ?? "chain",
                Service = link.Service,
                DeploymentId = deployment,
                Reason = reason ?? $"follows {link.After}",
            }
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deployment {Id} is not followed by one of {Service}: {Reason}")]
        internal static partial void Dropped(ILogger logger, string id, string service, string reason);

        [LoggerMessage(LogLevel.Error, "What follows a deployment can't be deployed")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
