using System.Runtime.InteropServices;
using ThinDeployer.Bench;

const int Good = 0;
const int Failed = 1;
const int WrongUsage = 2;
const int Interrupted = 130;

using var cancel = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return await new Comparison(BenchOptions.Parse(args)).RunAsync(cancel.Token) ? Good : Failed;
}
catch (OperationCanceledException) when (cancel.IsCancellationRequested)
{
    return Interrupted;
}
catch (BenchFaultException fault)
{
    await Console.Error.WriteLineAsync($"bench/compare: {fault.Message}");
    return WrongUsage;
}

// Instead of ending here and now: what was started is ended on the way out.
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    cancel.Cancel();
}
