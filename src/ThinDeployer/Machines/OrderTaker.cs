using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Machines;

/// <summary>
/// Makes deployments of a front's orders, of services of this machine's own. An order's id goes to disk with the acceptance that
/// it becomes, so one that comes again is seen, and one that was taken is lost by no crash.
/// </summary>
/// <param name="machine">The name of this one.</param>
/// <param name="keys">Of this machine.</param>
/// <param name="serviceOf">Null for one that is not configured.</param>
/// <param name="tell">Tells the front how an order stands, by its id.</param>
internal sealed partial class OrderTaker(
    string machine,
    MachineKeys keys,
    EngineRoom room,
    Intake intake,
    OrderBook book,
    Func<string, (DeploymentPlan Plan, VariableSet? Variables)?> serviceOf,
    FrontClock clock,
    Action<string> tell,
    ForgedMessages forged,
    AuditTrail audit,
    TimeProvider time,
    ILogger<OrderTaker> logger
) : IDisposable
{
    /// <summary>What a deployment by an order has in place of an HTTP method.</summary>
    internal const string Method = "ORDER";

    /// <summary>How long an order is remembered that must not begin, and has not come: longer than any waits for its machine.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>An order, and the wish not to begin it, do not pass each other.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes what came for this machine; what is no order of its front is dropped.</summary>
    /// <exception cref="OrderNotTakenException">It can't be taken now, and must come again.</exception>
    /// <exception cref="RecordUnavailableException">As above.</exception>
    internal async Task TakeAsync(Envelope envelope)
    {
        switch (keys.Orders.Open(envelope))
        {
            case { Order: { } order } when !IsWhole(order):
                forged.Drop("an order that can't be read");
                break;
            case { Order: { } order } when order.Machine != machine:
                forged.Drop("an order to another machine");
                break;
            case { Order: { } order }:
                await InTurnAsync(() => TakeAsync(order, DateTimeOffset.FromUnixTimeSeconds(envelope.Timestamp)));
                break;
            case { Cancel: { } cancel }:
                await CancelAsync(cancel);
                break;
            case null:
                forged.Drop("an order whose signature is not right");
                break;
        }
    }

    /// <summary>Stops an order's deployment, or remembers that it must not begin.</summary>
    /// <exception cref="OrderNotTakenException">That can't be done now.</exception>
    /// <exception cref="RecordUnavailableException">As above.</exception>
    internal async Task CancelAsync(CancelOrder cancel)
    {
        if (IsId(cancel.Order))
        {
            await InTurnAsync(() => CancelInTurnAsync(cancel));
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeAsync(Order order, DateTimeOffset signedAt)
    {
        var (open, record) = Now();
        if (record.Find(order.Id) is not null || open.Desk.Find(order.Id) is not null)
        {
            tell(order.Id);
            return;
        }

        if (clock.WhyNot(signedAt) is { } wrong)
        {
            await RefuseAsync(record, order, DeploymentStatus.Rejected, wrong);
            return;
        }

        if (ExpiryOf(order) <= time.GetUtcNow())
        {
            await RefuseAsync(record, order, DeploymentStatus.Expired, "the order came when its time was over");
            return;
        }

        if (serviceOf(order.Service) is not var (plan, variables))
        {
            const string none = "there is no such service on this machine";
            await RefuseAsync(record, order, DeploymentStatus.Rejected, none);
            return;
        }

        var (values, complaint) = PassedValues.Of(order.Values, variables, plan.Takes);
        if (complaint is not null)
        {
            await RefuseAsync(record, order, DeploymentStatus.Rejected, plan.Secrets.Masked(complaint));
            return;
        }

        await DeployAsync(record, order, plan, values);
    }

    private async Task DeployAsync(
        IOrderRecord record,
        Order order,
        DeploymentPlan plan,
        IReadOnlyDictionary<string, string> values
    )
    {
        var call = new DeploymentCall(
            TriggerOf(order),
            values,
            DeploymentOrigin.None with
            {
                Order = new OrderMark(order.Id, ExpiryOf(order)),
            }
        );
        switch (await intake.TakeAsync(Admission.ByOrder(order.Service, order.Who), plan, call))
        {
            case QueueAnswer.Accepted:
                Log.Taken(logger, order.Id, order.Service, order.Deployment);
                Note(AuditResult.Accepted, order, $"order of deployment {order.Deployment}");
                break;
            case QueueAnswer.Closed(var reason):
                throw new OrderNotTakenException(reason);
            case QueueAnswer.NotSaved(var reason):
                throw new OrderNotTakenException(reason);
            case var refused:
                await RefuseAsync(record, order, DeploymentStatus.Rejected, ReasonOf(refused));
                break;
        }
    }

    private static DeploymentTrigger TriggerOf(Order order) =>
        new(Address: null, Method, Who: null)
        {
            Event = order.Event,
            Ref = order.Ref,
            Commit = order.Commit,
            Actor = order.Actor,
            RollbackTo = order.RollbackTo,
            TraceParent = TraceParent.Parse(order.TraceParent),
        };

    private static string ReasonOf(QueueAnswer refused) =>
        refused switch
        {
            QueueAnswer.Busy => "another deployment of this service runs on this machine",
            QueueAnswer.Full => "as many deployments of this service wait on this machine as may",
            QueueAnswer.Paused => "this service is paused on this machine",
            _ => refused.Decision ?? "refused",
        };

    private async Task RefuseAsync(IOrderRecord record, Order order, DeploymentStatus how, string reason)
    {
        await record.RefuseAsync(new SeenOrder(order.Id, ExpiryOf(order)) { Refusal = how.Name(), Reason = reason });
        Log.Refused(logger, order.Id, order.Service, reason);
        Note(AuditResult.Refused, order, reason);
        tell(order.Id);
    }

    private async Task CancelInTurnAsync(CancelOrder cancel)
    {
        var (open, record) = Now();
        if (open.Desk.Find(cancel.Order) is { } entry)
        {
            if (await open.Desk.CancelAsync(entry, cancel.By) is CancelAnswer.NotSaved(var reason))
            {
                throw new OrderNotTakenException(reason);
            }

            return;
        }

        if (record.Find(cancel.Order) is null)
        {
            await record.RefuseAsync(
                new SeenOrder(cancel.Order, time.GetUtcNow() + Remembered)
                {
                    Refusal = DeploymentStatus.Cancelled.Name(),
                    Reason = "it was cancelled before its order came",
                }
            );
        }

        tell(cancel.Order);
    }

    /// <exception cref="OrderNotTakenException">The record is not open.</exception>
    private (OpenEngine Open, IOrderRecord Record) Now() =>
        room.Open is { } open && book.Record is { } record
            ? (open, record)
            : throw new OrderNotTakenException(room.WhyClosed);

    private void Note(string result, Order order, string reason) =>
        audit.Note(
            new AuditEntry(AuditAction.Deploy, result)
            {
                Who = order.Who ?? "order",
                Service = order.Service,
                DeploymentId = order.Id,
                Reason = reason,
            }
        );

    private static DateTimeOffset ExpiryOf(Order order) => DateTimeOffset.FromUnixTimeMilliseconds(order.Expires);

    /// <summary>Whether nothing is missing that must be there.</summary>
    private static bool IsWhole(Order order) =>
        order is { Machine: not null, Deployment: not null, Service: not null, Values: not null }
        && IsId(order.Id)
        && order.Values.Values.All(value => value is not null)
        && order.Expires is > 0
        && order.Expires <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>A UUID version 7 as it is written everywhere here: in lower case.</summary>
    private static bool IsId(string? id) =>
        Guid.TryParseExact(id, "D", out var parsed) && parsed.Version == 7 && parsed.ToString() == id;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Order {Id}: deploys {Service}, for deployment {Deployment} of the front")]
        internal static partial void Taken(ILogger logger, string id, string service, string deployment);

        [LoggerMessage(LogLevel.Warning, "Order {Id} to deploy {Service} is refused: {Reason}")]
        internal static partial void Refused(ILogger logger, string id, string service, string reason);
    }
}

/// <summary>An order can't be taken now. The message says why.</summary>
internal sealed class OrderNotTakenException : Exception
{
    public OrderNotTakenException() { }

    public OrderNotTakenException(string message)
        : base(message) { }

    public OrderNotTakenException(string message, Exception innerException)
        : base(message, innerException) { }
}
