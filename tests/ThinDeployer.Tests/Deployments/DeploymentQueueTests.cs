using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Gates;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Deployments;

/// <summary>Drives the queue by random requests and ends, and holds it against a model of a few lines.</summary>
public sealed class DeploymentQueueTests
{
    private const int MaximumRunning = 3;

    private static readonly Dictionary<string, QueuePolicy> Policies = new()
    {
        ["queue"] = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 2, AnswersAtOnce: false),
        ["wide"] = new QueuePolicy(2, WhenBusy.Queue, MaximumWaiting: 3, AnswersAtOnce: false),
        ["reject"] = new QueuePolicy(1, WhenBusy.Reject, MaximumWaiting: 2, AnswersAtOnce: false),
        ["supersede"] = new QueuePolicy(1, WhenBusy.Supersede, MaximumWaiting: 2, AnswersAtOnce: false),
        ["cancel"] = new QueuePolicy(1, WhenBusy.Cancel, MaximumWaiting: 2, AnswersAtOnce: false),
        ["left"] = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: false, Lock: "shared"),
        ["right"] = new QueuePolicy(2, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: false, Lock: "shared"),
        ["gated"] = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 3, AnswersAtOnce: false),
        ["newest"] = new QueuePolicy(1, WhenBusy.Supersede, MaximumWaiting: 3, AnswersAtOnce: false),
        ["shy"] = new QueuePolicy(1, WhenBusy.Reject, MaximumWaiting: 9, AnswersAtOnce: false, Lock: "shared"),
    };

    /// <summary>Those whose deployments wait for an approval.</summary>
    private static readonly string[] Gated = ["gated", "newest"];

    /// <summary>
    /// A request for a service, the end of one that runs, the cancelling of one that waits, or what is decided about one.
    /// </summary>
    private static readonly Gen<string> Moves = Gen.Int[0, Policies.Count + 6]
        .Select(number =>
            Policies.Keys.ElementAtOrDefault(number)
            ?? (number - Policies.Count) switch
            {
                0 => "leave",
                1 or 2 => "approve",
                3 => "reject",
                _ => "end",
            }
        );

    [Fact]
    public async Task It_does_what_the_model_does() =>
        await Moves
            .Array[1, 40]
            .SampleAsync(
                async moves =>
                {
                    var model = new Model();
                    using var real = new Real();
                    foreach (var move in moves)
                    {
                        if (move == "end")
                        {
                            if (model.EndOldest() is { } ended)
                            {
                                real.End(ended);
                            }
                        }
                        else if (move == "leave")
                        {
                            if (model.LeaveFromTheMiddle() is { } left)
                            {
                                await real.LeaveAsync(left);
                            }
                        }
                        else if (move is "approve" or "reject")
                        {
                            if (model.Decide(move) is { } decided)
                            {
                                await real.DecideAsync(decided, move);
                            }
                        }
                        else
                        {
                            Assert.Equal(model.Request(move), await real.RequestAsync(move));
                        }

                        await real.RunsAsync(model.Running);
                        Assert.Equal(model.Ahead, real.AheadOf(model.Waiting));
                    }

                    while (model.EndOldest() is { } ended)
                    {
                        real.End(ended);
                        await real.RunsAsync(model.Running);
                    }

                    await real.StopAsync();
                    model.StillGated.ForEach(number => model.Ends[number] = "waiting");
                    Assert.Equal(model.Ends, real.Ends);
                },
                iter: 2_000
            );

    private sealed class Model
    {
        private readonly List<(int Number, string Service)> _running = [];
        private readonly List<(int Number, string Service)> _waiting = [];
        private readonly List<(int Number, string Service)> _gated = [];
        private int _count;

        internal List<int> StillGated => _gated.ConvertAll(one => one.Number);

        internal IEnumerable<int> Running => _running.Select(one => one.Number).Order();

        internal SortedDictionary<int, string> Ends { get; } = [];

        internal string Request(string service)
        {
            var policy = Policies[service];
            var isGated = Gated.Contains(service);
            var waiting = _waiting.Concat(_gated).Where(one => one.Service == service).ToList();
            var hasRoom =
                !isGated
                && waiting.Count == 0
                && _running.Count(one => one.Service == service) < policy.Parallel
                && (
                    policy.Lock is null
                    || !_running.Concat(_waiting).Any(one => Policies[one.Service].Lock == policy.Lock)
                );
            if (!hasRoom && policy.WhenBusy is WhenBusy.Reject)
            {
                return "busy";
            }

            if (!hasRoom && policy.WhenBusy is WhenBusy.Queue && waiting.Count >= policy.MaximumWaiting)
            {
                return "full";
            }

            if (policy.WhenBusy is WhenBusy.Supersede or WhenBusy.Cancel)
            {
                _waiting.RemoveAll(waiting.Contains);
                _gated.RemoveAll(waiting.Contains);
                waiting.ForEach(one => Ends[one.Number] = "superseded");
            }

            var replaced =
                policy.WhenBusy is WhenBusy.Cancel ? _running.Where(one => one.Service == service).ToList() : [];
            (isGated ? _gated : _waiting).Add((++_count, service));
            _running.RemoveAll(replaced.Contains);
            replaced.ForEach(one => Ends[one.Number] = "cancelled");
            StartReady();
            return "accepted";
        }

        internal IEnumerable<(int Number, string Service)> Waiting => _waiting;

        /// <summary>How many come before each that waits.</summary>
        internal IEnumerable<int?> Ahead =>
            _waiting.Select(
                (one, place) =>
                    (int?)_waiting.Take(place).Count(other => other.Service == one.Service || SharesLock(other, one))
            );

        private static bool SharesLock((int Number, string Service) one, (int Number, string Service) other) =>
            Policies[one.Service].Lock is { } name && Policies[other.Service].Lock == name;

        /// <summary>About the oldest.</summary>
        internal (int Number, string Service)? Decide(string what)
        {
            if (_gated.Count == 0)
            {
                return null;
            }

            var oldest = _gated[0];
            _gated.Remove(oldest);
            if (what == "reject")
            {
                Ends[oldest.Number] = "rejected";
            }
            else
            {
                _waiting.Insert(_waiting.Count(one => one.Number < oldest.Number), oldest);
                StartReady();
            }

            return oldest;
        }

        internal (int Number, string Service)? LeaveFromTheMiddle()
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            var leaving = _waiting[_waiting.Count / 2];
            _waiting.Remove(leaving);
            Ends[leaving.Number] = "cancelled";
            StartReady();
            return leaving;
        }

        internal int? EndOldest()
        {
            if (_running.Count == 0)
            {
                return null;
            }

            var oldest = _running[0].Number;
            _running.RemoveAt(0);
            Ends[oldest] = "succeeded";
            StartReady();
            return oldest;
        }

        private void StartReady()
        {
            for (var i = 0; i < _waiting.Count && _running.Count < MaximumRunning; )
            {
                var (_, service) = _waiting[i];
                if (
                    _running.Count(one => one.Service == service) < Policies[service].Parallel
                    && HasItsLock(_waiting[i])
                )
                {
                    _running.Add(_waiting[i]);
                    _waiting.RemoveAt(i);
                }
                else
                {
                    i++;
                }
            }
        }

        private bool HasItsLock((int Number, string Service) waiting) =>
            Policies[waiting.Service].Lock is not { } name
            || !_running
                .Concat(_waiting.TakeWhile(one => one != waiting))
                .Any(one => Policies[one.Service].Lock == name);
    }

    /// <summary>The queue, with runs that end when the test says so.</summary>
    private sealed class Real : IDisposable
    {
        private readonly MemoryRecord _record = new();
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _running = new();
        private readonly Dictionary<int, string> _ids = [];
        private readonly DeploymentQueue _queue;
        private readonly Decisions _decisions;

        internal Real()
        {
            var patient = new PatientRecord(_record, TimeProvider.System, NullLogger<PatientRecord>.Instance);
            _queue = new DeploymentQueue(
                RunAsync,
                _record,
                patient,
                new DeploymentListeners([]),
                MaximumRunning,
                TimeProvider.System,
                NullLogger<DeploymentQueue>.Instance
            );
            _decisions = new Decisions(
                _queue,
                _record,
                new DeploymentListeners([]),
                PlanOf,
                TimeProvider.System,
                NullLogger<Decisions>.Instance
            );
            _queue.Open();
        }

        internal async Task DecideAsync((int Number, string Service) waiting, string what)
        {
            var deployment = _queue.Find(waiting.Service, _ids[waiting.Number])!;
            var decision = new GateDecision("alice", Address: null, TimeProvider.System.GetUtcNow(), Reason: null);
            Assert.IsType<DecisionAnswer.Done>(
                what == "approve"
                    ? await _decisions.ApproveAsync(deployment, decision, mayAll: false)
                    : await _decisions.RejectAsync(deployment, decision, mayAll: false)
            );
        }

        internal SortedDictionary<int, string> Ends => _record.Ends;

        internal async Task<string> RequestAsync(string service)
        {
            var admission = SampleCall.Admitted(service);
            return await _queue.EnqueueAsync(admission, PlanOf(service), SampleCall.Plain) switch
            {
                QueueAnswer.Accepted(var deployment) => Remember(deployment),
                QueueAnswer.Busy => "busy",
                QueueAnswer.Full => "full",
                var other => other.ToString(),
            };
        }

        internal void End(int number) => _running[number].SetResult();

        internal async Task LeaveAsync((int Number, string Service) waiting) =>
            Assert.IsType<CancelAnswer.Cancelling>(
                await _queue.CancelAsync(waiting.Service, _ids[waiting.Number], "ci")
            );

        internal IEnumerable<int?> AheadOf(IEnumerable<(int Number, string Service)> waiting) =>
            waiting.Select(one => _queue.QueuedAhead(one.Service, _ids[one.Number]));

        private string Remember(Deployment deployment)
        {
            _ids[(int)deployment.Sequence] = deployment.Id;
            return "accepted";
        }

        /// <summary>What the model says starts soon, and nothing else ever does.</summary>
        internal async Task RunsAsync(IEnumerable<int> numbers)
        {
            var wanted = numbers.ToList();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
            while (!Now().SequenceEqual(wanted) || Held() != wanted.Count)
            {
                Assert.False(
                    limit.IsCancellationRequested,
                    $"{string.Join(' ', Now())} run, not {string.Join(' ', wanted)}"
                );
                await Task.Yield();
            }

            // One that has ended holds its place until its end is recorded.
            int Held() => Policies.Keys.Sum(service => _queue.Load(service).Running);

            IEnumerable<int> Now() => _running.Where(one => !one.Value.Task.IsCompleted).Select(one => one.Key).Order();
        }

        internal Task StopAsync() => _queue.StopAsync(TimeSpan.FromSeconds(30));

        public void Dispose() => _queue.Dispose();

        private async Task<DeploymentResult?> RunAsync(Deployment deployment, EndOfServer server)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(await deployment.IsOnDisk);
            Assert.Equal("running", _record.StatusOf(deployment.Id));
            _running[(int)deployment.Sequence] = end;
            await using var cancel = deployment.Cancelled.Register(() => end.TrySetResult());
            await end.Task;
            var entry = deployment.Accepted with
            {
                Status = deployment.IsCancelled ? DeploymentStatus.Cancelled : DeploymentStatus.Succeeded,
                StartedAt = deployment.StartedAt,
            };
            await _record.EndAsync(entry, keep: 1);
            return new DeploymentResult(entry, OutputContent.Of(""));
        }

        private static readonly GatePlan NeedsApproval = new(
            new ApprovalRule([], Count: 1, TimeSpan.FromHours(1), AllowsSelf: false),
            OpeningTimes.Always,
            RefusesWhenClosed: false
        );

        private static DeploymentPlan PlanOf(string service) =>
            SampleCall.Plan(Policies[service], commands: "make") with
            {
                Gate = Gated.Contains(service) ? NeedsApproval : GatePlan.Open,
            };
    }
}
