using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>Says why a broker can't be used, for people and without a secret.</summary>
internal static class BrokerFault
{
    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int NotAllowed = 530;

    internal static string Why(Exception exception, BrokerEndpoint address, BrokerTrust trust) =>
        Causes(exception)
            // Who hangs up ends all waiting, too: that says the least.
            .OrderBy(cause => cause is TimeoutException or OperationCanceledException or EndOfStreamException)
            .Select(cause => WhyOf(cause, address, trust))
            .FirstOrDefault(said => said is not null)
        ?? $"the connection to the broker {address.Place} broke: {Causes(exception)[0].Message}";

    internal static string Why(ShutdownEventArgs reason, BrokerEndpoint address) =>
        reason.ReplyCode switch
        {
            AccessRefused => $"the broker refuses the login {address.User} what it needs: {reason.ReplyText}",
            NotFound => $"what the login {address.User} needs is not at the broker: {reason.ReplyText}",
            NotAllowed => $"the broker lets the login {address.User} not in: {reason.ReplyText}",
            _ => $"the connection to the broker {address.Place} broke: {reason.Exception?.Message ?? reason.ReplyText}",
        };

    private static string? WhyOf(Exception cause, BrokerEndpoint address, BrokerTrust trust) =>
        cause switch
        {
            LineDownException down => down.Message,
            AuthenticationFailureException =>
                $"the broker {address.Place} refuses the login {address.User}, or its password",
            PossibleAuthenticationFailureException =>
                $"the broker {address.Place} hung up on the login {address.User}: is its password right, and may it use the virtual host {address.VirtualHost}?",
            OperationInterruptedException { ShutdownReason: { ReplyCode: > 0 } reason } => Why(reason, address),
            AuthenticationException => $"the broker {address.Place} is not trusted: {trust.Refusal ?? cause.Message}",
            SocketException refused => $"the broker {address.Place} can't be reached: {refused.Message}",
            TimeoutException or OperationCanceledException => $"the broker {address.Place} did not answer in time",
            EndOfStreamException => $"the connection to the broker {address.Place} broke",
            _ => null,
        };

    /// <summary>The innermost first: it knows best.</summary>
    private static List<Exception> Causes(Exception exception)
    {
        var causes = new List<Exception>();
        Add(exception);
        causes.Reverse();
        return causes;

        void Add(Exception one)
        {
            causes.Add(one);
            foreach (var inner in one is AggregateException many ? [.. many.InnerExceptions] : Inner(one))
            {
                Add(inner);
            }
        }

        static IReadOnlyList<Exception> Inner(Exception one) => one.InnerException is { } inner ? [inner] : [];
    }
}
